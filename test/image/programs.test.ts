import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bootedBox, ownedBox } from './box.ts'
import { until } from './machine/connect.ts'
import type { Machine } from './machine/machine.ts'
import { machineTest } from './machine/world.ts'

const root = join(import.meta.dirname, '../..')
const DIST = '/usr/lib/holt/dist'
/** A shell takes a line of so many characters. */
const PART_BYTES = 48 * 1024

machineTest('a program is installed on a box, answers at its page, and goes on after the node was started anew', async (world) => {
  const { box } = await ownedBox(world)
  const name = 'visitor-book.holt'
  const project = join(world.folder, 'visitor-book')
  await cp(join(root, 'services/programs/visitor-book'), project, { recursive: true })
  const author = await box.shell.run('holt program author')
  const manifest = JSON.parse(await readFile(join(project, 'program.json'), 'utf8')) as object
  await writeFile(join(project, 'program.json'), JSON.stringify({ ...manifest, author }))
  const cli = (...args: string[]) => spawnSync(process.execPath, [join(root, 'dist/cli.mjs'), ...args], { encoding: 'utf8' })
  const built = cli('program', 'build', project, '-o', join(world.folder, name))
  assert.equal(built.status, 0, built.stderr)
  await copyIn(box, join(world.folder, name), `/tmp/${name}`)
  await box.shell.run(`cd /tmp && holt program sign ${name}`, { limitMs: 120_000 })
  const installed = await box.shell.run(`cd /tmp && holt program install ${name} --grant site`, { limitMs: 240_000 })
  const [page] = installed.match(/http:\S+/) ?? []
  assert.ok(page, installed)
  const form = `{ method: 'POST', body: new URLSearchParams({ name: 'Anna', words: 'from the box' }) }`
  assert.match(await onNode(box, `fetch('${page}', ${form}).then((answer) => answer.text()).then(console.log)`), /from the box/)
  await box.shell.run('systemctl restart holt.service')
  const ask = async (): Promise<string> => await onNode(box, `fetch('${page}').then((answer) => answer.text()).then(console.log, () => {})`)
  await until('what was written before', async () => (await ask()).includes('from the box'), { limitMs: 300_000 })
  assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
})

machineTest('hostile programs fail on a box as elsewhere, and a thread that was taken over reaches nothing', async (world) => {
  const { box } = await bootedBox(world)
  await box.shell.run(`systemctl stop holt.service; cp ${DIST}/quickjs.wasm /tmp/`)
  await putBundle(box, 'test/hostile/programs.test.ts', '/tmp/programs.mjs')
  assert.match(await tests(box, '/tmp/programs.mjs'), /^# fail 0$/m)
  // in the place of the thread that runs programs, as if one had taken it over
  await putBundle(box, 'test/hostile/taken-over.ts', '/tmp/taken-over.mjs')
  await box.shell.run(`mount --bind /tmp/taken-over.mjs ${DIST}/vat-worker.mjs && chmod 644 /tmp/taken-over.mjs`)
  await putBundle(box, 'test/hostile/taken-over.test.ts', '/tmp/taken-over-test.mjs')
  assert.match(await tests(box, '/tmp/taken-over-test.mjs'), /^# fail 0$/m)
  assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
  assert.equal(await box.shell.run("systemctl list-units --no-legend --plain 'holt-cage@*'"), '')
})

async function tests(box: Machine, path: string): Promise<string> {
  const { output } = await box.shell.tryRun(`cd /tmp && HOLT_CAGE=/run/holt-cage /usr/lib/holt/node --test-reporter=tap ${path}`, {
    limitMs: 900_000,
  })
  assert.match(output, /^# pass [1-9]/m, output)
  assert.doesNotMatch(output, /^not ok/m, output)
  return output
}

async function onNode(box: Machine, script: string): Promise<string> {
  return await box.shell.run(`/usr/lib/holt/node -e ${JSON.stringify(script)}`, { limitMs: 240_000 })
}

/** A test of ours as one file that runs by itself. */
async function putBundle(box: Machine, entry: string, to: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    write: false,
    outdir: '/',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['esbuild'],
    logLevel: 'error',
  })
  await write(box, outputFiles[0]?.contents as Uint8Array, to)
}

async function copyIn(box: Machine, from: string, to: string): Promise<void> {
  await write(box, await readFile(from), to)
}

async function write(box: Machine, bytes: Uint8Array, to: string): Promise<void> {
  await box.shell.run(`: > ${to}`)
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const part = Buffer.from(bytes.subarray(at, at + PART_BYTES)).toString('base64')
    await box.shell.run(`echo ${part} | base64 -d >> ${to}`)
  }
}
