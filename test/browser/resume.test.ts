import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'
import { setUp, signIn } from './steps.ts'

/** An upload in a real browser to a real node that is killed in the middle of it. */

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const sentBytes = (page: Page): Promise<number> =>
  page.evaluate(() => Number(/^([\d.]+) MB/.exec(document.querySelector('.uploads-facts')?.textContent ?? '')?.[1] ?? 0) * 1e6)

test('a killed node and a reloaded page cost an upload nothing but time', async (context) => {
  const home = await temporaryFolder(context)
  const node = new TestNode(join(home, 'data'), { page: true, port: await freePort() })
  await node.start()
  context.after(() => node.stop())
  const url = await until('the page', async () => (await node.call('node.status', {})).pageUrl)
  const code = await until('the set-up code', async () => /Code\s+([A-Z0-9]{8})/.exec(node.log)?.[1] ?? null)
  const browser = await launchChromium()
  context.after(() => browser.close())
  const { page } = await openPage(browser, url)
  await setUp(page, code, [])

  const album = join(home, 'Album')
  await mkdir(album)
  const film = randomBytes(200_000_000)
  await writeFile(join(album, 'film.bin'), film)
  for (let i = 0; i < 5; i++) await writeFile(join(album, `note ${i}.txt`), `note ${i}`)
  // slow enough to be cut off in the middle
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const slow = (bytesPerSecond: number) =>
    session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    })
  await slow(25_000_000)
  await page.locator('input[data-upload=folder]').setInputFiles(album)
  await until('a third of it', async () => ((await sentBytes(page)) > 70_000_000 ? true : null))
  await slow(100_000) // however long the rest takes here, it is not done before it is cut off

  await node.kill()
  await node.start()
  await slow(25_000_000)
  await until('it goes on by itself', async () => ((await sentBytes(page)) > 120_000_000 ? true : null))
  await slow(100_000)
  const kept = await until('what the node has', async () => {
    const { uploads } = (await page.evaluate(async () => (await fetch('api/uploads')).json())) as { uploads: { offsetBytes: number }[] }
    return uploads[0]?.offsetBytes ?? null
  })
  assert.ok(kept > 0)

  page.on('dialog', (dialog) => void dialog.accept())
  await page.reload()
  if (await page.getByLabel('Owner password').isVisible()) await signIn(page)
  await slow(-1)
  await page.getByText('Uploads that were cut off').waitFor()
  await page.getByText('6 files for Files').waitFor()
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'PATCH') sent += film.length - Number(request.headers()['upload-offset'])
  })
  await page.locator('input[data-upload=again]').setInputFiles(album)
  await page.locator('.uploads-title', { hasText: '6 files uploaded' }).waitFor({ timeout: 120_000 })
  assert.ok(sent > 0 && sent < film.length, `${sent} bytes were sent again of ${film.length}`)

  const there = join(home, 'there')
  await node.call('files.exportLocal', { path: '/Album', local: there })
  assert.equal((await readdir(there)).length, 6)
  assert.ok((await readFile(join(there, 'film.bin'))).equals(film))
  await page.reload()
  await page.getByRole('link', { name: 'Album' }).waitFor()
  assert.equal(await page.getByText('Uploads that were cut off').count(), 0)
  assert.deepEqual(await page.evaluate(async () => ((await (await fetch('api/uploads')).json()) as { uploads: unknown[] }).uploads), [])
})
