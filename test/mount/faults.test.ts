import assert from 'node:assert/strict'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { afterwards, run, startedNode, temporaryFolder } from '../peers/harness.ts'
import { MountWorld, mountWorld, runIn } from './world.ts'

/** Drives that are full or damaged, and programs that have very much open. */

const MIB = 1 << 20

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing',
    (error: NodeJS.ErrnoException) => error.code ?? String(error),
  )
}

/** A mounted tree whose data folder and drive are a small file system. */
async function smallWorld(context: TestContext, sizeBytes: number): Promise<MountWorld> {
  const below = await temporaryFolder(context)
  const small = join(below, 'small')
  await mkdir(small)
  const { exitCode, stderr } = await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', small])
  assert.equal(exitCode, 0, stderr)
  afterwards(context, () => run('umount', ['-l', small]))
  const node = await startedNode(context, small)
  await node.call('node.init', {})
  const world = new MountWorld(node, below)
  afterwards(context, () => run('umount', ['-i', '-l', world.folder]))
  await world.mount()
  return world
}

/** What a program does that must not lose anything. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = openSync(path, 'w')
  try {
    for (let at = 0; at < bytes.length; at += MIB) {
      writeSync(file, bytes.subarray(at, at + MIB))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const handle = await open(path)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } finally {
    try {
      closeSync(file)
    } catch {}
  }
}

test('a full drive is ENOSPC of a call, what was synced before stays, and room makes it go on', async (context) => {
  const world = await smallWorld(context, 96 * MIB)
  const path = (name: string): string => join(world.folder, name)
  await writeSynced(path('before'), Buffer.alloc(MIB, 1))
  const codes: string[] = []
  for (let i = 0; i < 40 && !codes.includes('ENOSPC'); i++)
    codes.push(await codeOf(writeSynced(path(`more ${i}`), Buffer.alloc(8 * MIB, i))))
  assert.ok(codes.length > 1 && codes.at(-1) === 'ENOSPC', codes.join(' '))
  assert.equal((await readFile(path('before'))).compare(Buffer.alloc(MIB, 1)), 0)
  assert.equal((await world.node.call('node.status', {})).state, 'ready')
  const small = join(world.node.dataFolder, '..')
  const { exitCode } = await run('mount', ['-o', `remount,size=${192 * MIB}`, small])
  assert.equal(exitCode, 0)
  // what could not be kept before is told once more at most
  const again: string[] = []
  for (let i = 0; i < 3 && again.at(-1) !== 'nothing'; i++) again.push(await codeOf(writeSynced(path('after'), Buffer.alloc(4 * MIB, 3))))
  assert.equal(again.at(-1), 'nothing', again.join(' '))
  await world.unmount()
  await world.mount()
  for (const [name, length, byte] of [
    ['before', MIB, 1],
    ['after', 4 * MIB, 3],
    ['more 0', 8 * MIB, 0],
  ] as const)
    assert.equal((await readFile(path(name))).compare(Buffer.alloc(length, byte)), 0, name)
})

test('what is damaged beyond rebuilding is EIO, its path is in the log, and all else goes on', async (context) => {
  const world = await mountWorld(context)
  const path = (name: string): string => join(world.folder, name)
  await writeFile(path('damaged'), Buffer.alloc(24 * MIB, 7))
  await world.unmount()
  await world.node.stop()
  await spoil(world.node.dataFolder)
  await world.node.start()
  await world.mount()
  await writeFile(path('sound'), 'x')
  assert.equal((await stat(path('damaged'))).size, 24 * MIB)
  assert.equal(await codeOf(readFile(path('damaged'))), 'EIO')
  assert.match(world.node.log, /\/damaged cannot be read: .* \((BLOCK_CORRUPT|BLOCK_NOT_FOUND|PACK_UNRECOVERABLE)\)/)
  assert.equal(await readFile(path('sound'), 'utf8'), 'x')
  await rm(path('damaged'))
  assert.deepEqual(await readdir(world.folder), ['sound'])
})

/** Overwrites a part of every large file of a node that is stopped, wherever it keeps them. */
async function spoil(folder: string): Promise<void> {
  let spoilt = 0
  for (const name of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, name))
    if (!found.isFile() || found.size < 16 * MIB) continue
    const file = await open(join(folder, name), 'r+')
    await file.write(Buffer.alloc(8 * MIB), 0, 8 * MIB, 6 * MIB)
    await file.close()
    spoilt++
  }
  assert.ok(spoilt > 0)
}

test('ten thousand files are open at once, each with what it holds', async (context) => {
  const { folder } = await mountWorld(context)
  const program = `
import os, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (11000, 11000))
files = [os.open(str(i), os.O_RDWR | os.O_CREAT) for i in range(10000)]
for i, f in enumerate(files): os.write(f, b'%d' % i)
for i in range(0, 10000, 100): os.unlink(str(i))
for i, f in enumerate(files): assert os.pread(f, 9, 0) == b'%d' % i, i
for f in files[::5000]: os.fsync(f)
for f in files: os.close(f)
for i in range(1, 10000, 37):
    if i % 100: assert open(str(i)).read() == str(i), i
assert len(os.listdir('.')) == 9900
`
  await runIn(folder, 'python3', ['-c', program])
})
