import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createWriteStream, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import test from 'node:test'
import { MemoryNode } from '../../testing/memory-node.ts'
import { centralHeader, dataDescriptor, endOfArchive, localHeader } from './zip-format.ts'
import { portableName, NamesOfFolder } from './zip-names.ts'
import { zipOf } from './zip-tree.ts'

const signal = new AbortController().signal
const has = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function ready(): Promise<MemoryNode> {
  const node = new MemoryNode()
  await node.call('node.init', {})
  return node
}

async function bytesOf(node: MemoryNode, paths: string[]): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of zipOf({ control: node, files: node, at: undefined, signal }, paths)) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

const readers: Record<string, (archive: string, folder: string) => void> = {
  python3: (archive, folder) =>
    void execFileSync('python3', [
      '-c',
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])',
      archive,
      folder,
    ]),
  unzip: (archive, folder) => void execFileSync('unzip', ['-q', archive, '-d', folder], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }),
  bsdtar: (archive, folder) => void execFileSync('bsdtar', ['-xf', archive, '-C', folder], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }),
}

for (const [program, unpack] of Object.entries(readers)) {
  if (!has(program)) continue
  test(`${program} unpacks what was zipped, names, times, links and empty folders too`, async (t) => {
    const node = await ready()
    const { tree } = node
    tree.makeDirectory('/Älbum/empty', true)
    const photo = Buffer.from(Array.from({ length: 200_001 }, (_, i) => i % 251))
    tree.write('/Älbum/wald 🌲.jpg', photo, { modified: 1_600_000_001 })
    tree.write('/Älbum/nothing.txt', Buffer.alloc(0))
    tree.write('/note.txt', Buffer.from('note'))
    tree.link('/Älbum/link', 'nothing.txt')
    const folder = mkdtempSync(join(tmpdir(), 'holt-zip-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const archive = join(folder, 'a.zip')
    await pipeline(zipOf({ control: node, files: node, at: undefined, signal }, ['/Älbum', '/note.txt']), createWriteStream(archive))
    const out = join(folder, 'out')
    execFileSync('mkdir', [out])
    unpack(archive, out)
    assert.deepEqual(readdirSync(out).sort(), ['note.txt', 'Älbum'])
    assert.deepEqual(readdirSync(join(out, 'Älbum')).sort(), ['empty', 'link', 'nothing.txt', 'wald 🌲.jpg'])
    assert.ok(readFileSync(join(out, 'Älbum/wald 🌲.jpg')).equals(photo))
    assert.equal(readFileSync(join(out, 'note.txt'), 'utf8'), 'note')
    if (program === 'python3') return // it unpacks links as files, and no times
    assert.equal(readlinkSync(join(out, 'Älbum/link')), 'nothing.txt')
    assert.equal(Math.floor(lstatSync(join(out, 'Älbum/wald 🌲.jpg')).mtimeMs / 1000), 1_600_000_001)
  })
}

test('names that Windows would not take or would mix up become others', () => {
  const cases: [string, string][] = [
    ['a:b?.txt', 'a_b_.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console', 'console'],
    ['end. ', 'end__'],
    ['back\\slash', 'back_slash'],
    ['line\nbreak', 'line_break'],
    ['größe 水.txt', 'größe 水.txt'],
  ]
  for (const [name, portable] of cases) assert.equal(portableName(name), portable)
  const names = new NamesOfFolder()
  assert.deepEqual(
    ['a.txt', 'A.txt', 'a.TXT', 'a (2).txt', 'b:', 'b?'].map((name) => names.add(name)),
    ['a.txt', 'A (2).txt', 'a (3).TXT', 'a (2) (2).txt', 'b_', 'b_ (2)'],
  )
})

test('sizes and places beyond 32 bits are told in 64', () => {
  const large = { name: 'film', mode: 0o100644, modified: 1_600_000_000, sizeBytes: 5 * 2 ** 32 }
  assert.equal(Buffer.from(localHeader(large)).readUInt16LE(4), 45)
  assert.equal(Buffer.from(dataDescriptor(large, 7)).readBigUInt64LE(8), BigInt(large.sizeBytes))
  const central = Buffer.from(centralHeader({ ...large, crc: 7, offset: 2 ** 33 }))
  assert.equal(central.readUInt32LE(20), 0xffffffff)
  assert.equal(central.readBigUInt64LE(central.length - 8), BigInt(2 ** 33))
  assert.equal(endOfArchive({ count: 3, offset: 100, sizeBytes: 100 }).length, 22)
  const end = Buffer.from(endOfArchive({ count: 70_000, offset: 2 ** 33, sizeBytes: 100 }))
  assert.equal(end.readBigUInt64LE(32), 70_000n)
  assert.equal(end.readBigUInt64LE(48), BigInt(2 ** 33))
})

test('many entries make an archive that says so', { skip: !has('python3') }, async (t) => {
  const node = await ready()
  const names = Array.from({ length: 70_000 }, (_, i) => ({
    name: `${i}`,
    type: 'file' as const,
    sizeBytes: 0,
    mode: 0o644,
    modified: 1e9,
  }))
  const control = {
    call: async (name: string) =>
      name === 'files.stat' ? { name: 'd', type: 'directory', sizeBytes: 0, mode: 0o755, modified: 1e9 } : { entries: names, more: false },
  } as unknown as MemoryNode
  const files = { read: async () => ({ entry: names[0] as never, body: (async function* () {})() }) }
  const folder = mkdtempSync(join(tmpdir(), 'holt-zip-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  await pipeline(zipOf({ control, files, at: undefined, signal }, ['/d']), createWriteStream(join(folder, 'a.zip')))
  const count = execFileSync('python3', [
    '-c',
    'import sys,zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))',
    join(folder, 'a.zip'),
  ])
  assert.equal(Number(count), 70_001)
  assert.ok(node)
})

test('a cancelled archive ends, and one whose file cannot be read has no end', async () => {
  const node = await ready()
  node.tree.write('/a', Buffer.alloc(300_000))
  const stop = new AbortController()
  const parts = zipOf({ control: node, files: node, at: undefined, signal: stop.signal }, ['/a', '/a'])
  await parts.next()
  stop.abort()
  await assert.rejects(async () => {
    for (let part = await parts.next(); part.done !== true; ) part = await parts.next()
  })
  await assert.rejects(bytesOf(node, ['/a', '/none']), { code: 'NOT_FOUND' })
})
