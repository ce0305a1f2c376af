// node --import tsx test/vectors/make-drives.ts: writes the vector drives-v1 anew with the built node of this checkout.
// To be run only when a new version of a format comes: the old vector must stay readable for ever.
import { chmod, cp, lutimes, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createCipheriv } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBenchNode } from '../bench/bench-node.ts'
import { listTree } from './tree-listing.ts'

const WORDS =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'
const target = fileURLToPath(new URL('./drives-v1', import.meta.url))

/** The same bytes every time, which look random. */
function bytesOf(name: string, length: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.from(name.padEnd(16).slice(0, 16)), Buffer.alloc(16)).update(Buffer.alloc(length))
}

async function makeFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'many'), { recursive: true })
  await mkdir(join(folder, 'empty folder'))
  await writeFile(join(folder, 'empty file'), '')
  await writeFile(join(folder, 'Grüße ☕.txt'), 'Dear Holt,\nkeep this.\n')
  await writeFile(join(folder, 'run.sh'), '#!/bin/sh\necho hello\n')
  await chmod(join(folder, 'run.sh'), 0o750)
  await writeFile(join(folder, 'chunk.bin'), bytesOf('chunk', 20_011))
  await symlink('many/note-007.txt', join(folder, 'seven'))
  for (let i = 0; i < 140; i++) await writeFile(join(folder, 'many', `note-${String(i).padStart(3, '0')}.txt`), `${i}\n`)
  await lutimes(join(folder, 'seven'), 1_600_000_000, 1_600_000_000.5)
  await utimes(join(folder, 'many', 'note-001.txt'), 0, -86_400) // before 1970
  await chmod(join(folder, 'many'), 0o711)
  for (const [i, name] of ['many', 'empty folder', 'empty file', 'run.sh', 'chunk.bin'].entries()) {
    await utimes(join(folder, name), 1_700_000_000 + i, 1_700_000_000 + i + 0.25)
  }
}

const folder = await mkdtemp(join(tmpdir(), 'holt-vector-'))
const files = join(folder, 'files')
const drives = Array.from({ length: 6 }, (_, i) => join(folder, `drive-${i}`))
await makeFiles(files)
const wide = join(folder, 'wide.bin')
await writeFile(wide, bytesOf('wide', 70_001))
await utimes(wide, 1_700_000_100, 1_700_000_100)

const node = await startBenchNode(join(folder, 'data'))
await node.control.call('node.init', { words: WORDS, drives })
await node.control.call('classes.set', { name: 'standard', dataFragments: 4, totalFragments: 6 })
await writeFile(join(folder, 'gone.txt'), 'in an older version only\n')
await node.control.call('files.importLocal', { locals: [join(folder, 'gone.txt')], path: '/', place: 'into' })
await node.control.call('files.importLocal', { locals: [files], path: '/', place: 'as' })
// random access: chunks of 64 KiB, so that a small file has several and an index above them
await node.control.call('files.importLocal', { locals: [wide], path: '/', place: 'into', randomAccess: true })
await node.control.call('files.remove', { paths: ['/gone.txt'] })
await node.control.call('store.settle', {})
const out = join(folder, 'out')
await node.control.call('files.exportLocal', { path: '/', local: out })
await node.stop()

await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
for (const i of [0, 2, 3, 5]) await cp(drives[i] as string, join(target, `drive-${i}`), { recursive: true })
await writeFile(join(target, 'words.txt'), `${WORDS}\n`)
await writeFile(join(target, 'files.json'), `${JSON.stringify(await listTree(out), null, 1)}\n`)
await rm(folder, { recursive: true })
console.log(`written: ${target}`)
process.exit(0)
