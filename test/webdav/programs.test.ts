import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { run, afterwards, type ProcessResult } from '../peers/harness.ts'
import { davWorld, type DavWorld } from './world.ts'

/** Programs of others, as people use them. */

const CACHE = '/var/cache/davfs2'

async function ok(result: Promise<ProcessResult>): Promise<string> {
  const { stdout, stderr, exitCode } = await result
  assert.equal(exitCode, 0, stdout + stderr)
  return stdout
}

/** Of a length, the same each time. */
function bytesOf(length: number, seed: string): Buffer {
  const parts: Buffer[] = []
  for (let i = 0, have = 0; have < length; i++, have += 32) parts.push(createHash('sha256').update(`${seed} ${i}`).digest())
  return Buffer.concat(parts).subarray(0, length)
}

/** Folders, names that need care, an empty file, and some that are larger than a chunk. */
async function makeFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'a folder/ünder & it'), { recursive: true })
  for (const [name, length] of [
    ['empty', 0],
    ['a folder/one', 1],
    ['a folder/100% #1?.txt', 70_000],
    ['a folder/ünder & it/wald 🌲.bin', 3 << 20],
    ["a folder/ünder & it/'quoted' <x>", 1 << 20],
    ['._photo.jpg', 4096],
  ] as const)
    await writeFile(join(folder, name), bytesOf(length, name))
  for (let i = 0; i < 40; i++) await writeFile(join(folder, 'a folder', `file ${i}`), bytesOf(i * 100, String(i)))
}

async function rcloneOf(world: DavWorld, password: string): Promise<(...words: string[]) => Promise<string>> {
  const config = world.place('rclone.conf')
  const obscured = (await ok(run('rclone', ['obscure', password]))).trim()
  await writeFile(config, `[holt]\ntype = webdav\nurl = ${world.url}\nvendor = owncloud\nuser = anybody\npass = ${obscured}\n`)
  return (...words) => ok(run('rclone', ['--config', config, '--retries', '1', '--low-level-retries', '1', ...words]))
}

test('rclone keeps folders alike both ways, with their times', async (context) => {
  const world = await davWorld(context)
  const rclone = await rcloneOf(world, await world.password())
  const [here, back] = [world.place('here'), world.place('back')]
  await makeFiles(here)
  await utimes(join(here, 'a folder/one'), 1_600_000_000, 1_600_000_000)
  await rclone('sync', here, 'holt:kept')
  await rclone('check', '--download', here, 'holt:kept')
  await rclone('sync', 'holt:kept', back)
  await rclone('check', '--download', here, back)
  await ok(run('diff', ['-r', here, back]))
  assert.equal((await stat(join(back, 'a folder/one'))).mtimeMs, 1_600_000_000_000)
  const { sequence } = await world.node.call('node.status', {})
  await rclone('sync', here, 'holt:kept')
  assert.equal((await world.node.call('node.status', {})).sequence, sequence, 'what is there is not sent again')
  await rm(join(back, 'a folder/file 3'))
  await writeFile(join(back, 'a folder/one'), 'changed')
  await rclone('sync', back, 'holt:kept')
  await rclone('check', '--download', back, 'holt:kept')
  await rclone('move', 'holt:kept/a folder/ünder & it', 'holt:elsewhere/x')
  await ok(run('diff', ['-r', join(back, 'a folder/ünder & it'), await exported(world, '/elsewhere/x')]))
  await rclone('purge', 'holt:kept')
  assert.deepEqual((await rclone('lsf', 'holt:')).trim().split('\n'), ['elsewhere/'])
  assert.match(await rclone('about', 'holt:'), /Free: +[1-9]/)
})

/** As the node has it. */
async function exported(world: DavWorld, path: string): Promise<string> {
  const folder = world.place('exported')
  await rm(folder, { recursive: true, force: true })
  await world.ok('get', path, folder)
  return folder
}

test('cadaver goes about, stores, fetches, locks and sets properties', async (context) => {
  const world = await davWorld(context)
  await writeFile(world.place('.netrc'), `machine 127.0.0.1\nlogin anybody\npassword ${await world.password()}\n`, { mode: 0o600 })
  await writeFile(world.place('sent.bin'), bytesOf(300_000, 'cadaver'))
  const lines = [
    'mkcol letters',
    'cd letters',
    'put sent.bin one.bin',
    'copy one.bin two.bin',
    'move two.bin three.bin',
    'lock one.bin',
    'propset one.bin mood glad',
    'propget one.bin mood',
    'unlock one.bin',
    'get three.bin fetched.bin',
    'delete three.bin',
    'ls',
    'quit',
  ]
  const said = await ok(run('cadaver', [world.url], { input: `${lines.join('\n')}\n`, cwd: world.below, env: { HOME: world.below } }))
  assert.doesNotMatch(said, /failed|Failed|error/, said)
  assert.match(said, /mood: glad|glad/)
  assert.deepEqual(await readFile(world.place('fetched.bin')), bytesOf(300_000, 'cadaver'))
  const { entries } = await world.node.call('files.list', { path: '/letters' })
  assert.deepEqual(
    entries.map(({ name, sizeBytes }) => [name, sizeBytes]),
    [['one.bin', 300_000]],
  )
})

test('davfs2 mounts it, and programs use the folder', async (context) => {
  const world = await davWorld(context)
  const [secrets, config, mounted] = ['secrets', 'davfs2.conf', 'mounted'].map((name) => world.place(name)) as [string, string, string]
  await writeFile(secrets, `"${mounted}" anybody "${await world.password()}"\n`, { mode: 0o600 })
  await writeFile(config, `secrets ${secrets}\nask_auth 0\ndelay_upload 0\nuse_locks 1\nbuf_size 256\n`)
  await mkdir(mounted)
  // kernels of today read directories in larger steps than its buffer has room for (buf_size)
  const unmount = (): Promise<ProcessResult> => run('umount', [mounted])
  afterwards(context, async () => {
    if ((await readFile('/proc/mounts', 'utf8')).includes(mounted)) await run('umount', ['-i', '-l', mounted])
    // it keeps what it fetched for the next time
    for (const name of await readdir(CACHE)) if (name.includes(basename(world.below))) await rm(join(CACHE, name), { recursive: true })
  })
  const mount = (): Promise<string> => ok(run('mount', ['-t', 'davfs', '-o', `conf=${config}`, world.url, mounted]))
  await mount()
  await makeFiles(join(mounted, 'work'))
  await rename(join(mounted, 'work/a folder/file 7'), join(mounted, 'work/seven'))
  await rm(join(mounted, 'work/a folder/file 8'))
  await ok(run('cp', ['-r', join(mounted, 'work'), join(mounted, 'copy')]))
  await ok(run('sh', ['-c', 'echo more >> work/seven && tar cf all.tar work && tar tf all.tar | wc -l'], { cwd: mounted }))
  // unmounting waits for what is being sent
  await ok(unmount())
  await mount()
  assert.deepEqual((await readdir(mounted)).filter((name) => name !== 'lost+found').sort(), ['all.tar', 'copy', 'work'])
  assert.equal((await readFile(join(mounted, 'work/seven'))).subarray(-5).toString(), 'more\n')
  const whole = await exported(world, '/')
  await ok(run('diff', ['-r', join(mounted, 'work'), join(whole, 'work')]))
  await ok(run('diff', ['-r', join(mounted, 'copy'), join(whole, 'copy')]))
  await ok(unmount())
})
