import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { afterwards, repositoryRoot, run, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'

/** What docs/programs.md begins with, in a real browser, over a real node with its cage. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const launcher = join(repositoryRoot, 'services/cli/bin/holt.mjs')

test('holt program dev shows the page of a program, and the page loads by itself after a change', async (t) => {
  const folder = await temporaryFolder(t)
  const node = new TestNode(join(folder, 'data'))
  afterwards(t, () => node.kill())
  await node.start()
  await node.call('node.init', {})
  const environment = { HOLT_DATA: node.dataFolder }
  const made = await run(process.execPath, [launcher, 'program', 'new', 'visitors'], { cwd: folder, env: environment })
  assert.equal(made.exitCode, 0, made.stderr)
  const dev = spawn(process.execPath, [launcher, 'program', 'dev', 'visitors', '--grant', 'site'], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(dev, 'exit') as Promise<[number | null]>
  t.after(() => dev.kill('SIGKILL'))
  let out = ''
  let err = ''
  dev.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()))
  dev.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()))
  const url = await until('its address', async () => {
    assert.equal(dev.exitCode, null, err)
    return /^http:\/\/localhost:\d+\//m.exec(out)?.[0] ?? null
  })
  const { page, complaints } = await openPage(browser, url)
  afterwards(t, () => page.context().close())
  await page.getByText('You are visitor number 1.').waitFor()

  const main = join(folder, 'visitors', 'main.js')
  const source = await readFile(main, 'utf8')
  await writeFile(main, source.replace('You are', "You're").replace('const visits', "console.log('somebody came')\n    const visits"))
  // what the program stored stayed
  await page.getByText("You're visitor number 2.").waitFor()
  await until('what it wrote', async () => out.includes('somebody came'))
  await writeFile(main, 'export default {{')
  await page.getByText('does not compile').waitFor()
  await page.getByText("You're visitor number 2.").waitFor()
  await writeFile(main, source)
  await page.getByText('You are visitor number 3.').waitFor()
  assert.deepEqual(complaints, [])

  dev.kill('SIGINT')
  assert.equal((await ended)[0], 0, err)
  const [program] = (await node.call('programs.list', {})).programs
  assert.deepEqual([program?.name, program?.running], ['visitors-dev', false])
})
