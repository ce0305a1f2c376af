// node --import tsx test/vectors/make-drives.ts: writes the vector drives-v1 anew, with the layers that a node is
// made of and packs of a few KiB instead of 64 MiB. To be run only before a format is in use: what is there must stay readable for ever.
import { chmod, cp, lutimes, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createCipheriv } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deriveRootKeys, rootKeyFromWords } from '@holt/core/root-key.ts'
import { openNodejsPlatform } from '@holt/platform-nodejs/open-platform.ts'
import { openDriveKeeper } from '@holt/store/fragments/open-drive-keeper.ts'
import { openPackStore } from '@holt/store/pack-store.ts'
import type { Volume } from '@holt/tree/types.ts'
import { createVolume } from '@holt/tree/volume.ts'
import { listTree } from './tree-listing.ts'

const WORDS =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'
const target = fileURLToPath(new URL('./drives-v1', import.meta.url))

/** Small enough to have several sealed packs and an open one. */
const PACK_BYTES = 40_000

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
  await writeFile(join(folder, 'wide.bin'), bytesOf('wide', 70_001))
  await symlink('many/note-007.txt', join(folder, 'seven'))
  for (let i = 0; i < 140; i++) await writeFile(join(folder, 'many', `note-${String(i).padStart(3, '0')}.txt`), `${i}\n`)
  await lutimes(join(folder, 'seven'), 1_600_000_000, 1_600_000_000.5)
  await utimes(join(folder, 'many', 'note-001.txt'), 0, -86_400) // before 1970
  await chmod(join(folder, 'many'), 0o711)
  for (const [i, name] of ['many', 'empty folder', 'empty file', 'run.sh', 'chunk.bin'].entries()) {
    await utimes(join(folder, name), 1_700_000_000 + i, 1_700_000_000 + i + 0.25)
  }
}

/** Puts the files into a new tree on the drives. */
async function fillDrives(
  folder: string,
  drives: readonly string[],
  fill: (put: (local: string, path: string, randomAccess?: boolean) => Promise<unknown>, volume: Volume) => Promise<void>,
): Promise<void> {
  const platform = await openNodejsPlatform({ dataFolder: join(folder, 'data'), log: (level, text) => console.error(level, text) })
  const { crypto, pool, data } = platform
  const keys = deriveRootKeys(crypto, rootKeyFromWords(WORDS))
  const classes = { standard: { dataFragments: 4, totalFragments: 6 } }
  const keeper = await openDriveKeeper({
    dataDisk: data,
    drives: [],
    classes,
    pool,
    crypto,
    storageSeed: keys.storage.seed,
    background: false,
  })
  for (const drive of drives) await keeper.addDrive(platform.openDrive(drive), drive)
  const store = await openPackStore({ disk: data, keeper, crypto, packBytes: PACK_BYTES })
  const { id, salt } = keys.volume
  const signer = { ...keys.principal, chain: [] }
  const volumeKeys = { key: (epoch: number) => keys.volumeKey(epoch) }
  const clock = (): number => platform.now()
  const volume = await createVolume({
    store,
    crypto,
    pool,
    id,
    salt,
    owner: keys.principal.publicKey,
    keys: volumeKeys,
    signer,
    clock,
  })
  await fill(
    (local, path, randomAccess) => platform.localFiles.import({ store, volume }, { locals: [local], path, place: 'as', randomAccess }),
    volume,
  )
  await store.settle()
  await volume.close()
  await store.close()
  await keeper.close()
  await platform.close()
}

const folder = await mkdtemp(join(tmpdir(), 'holt-vector-'))
const files = join(folder, 'files')
const drives = Array.from({ length: 6 }, (_, i) => join(folder, `drive-${i}`))
for (const drive of drives) await mkdir(drive)
await makeFiles(files)
await fillDrives(folder, drives, async (put, volume) => {
  await put(join(files, 'run.sh'), '/gone.sh')
  // random access: chunks of 64 KiB, so that a small file has several and an index above them
  await put(join(files, 'wide.bin'), '/wide.bin', true)
  await put(files, '/')
  // the file of several chunks is there already, so the second import leaves it as it is
  await volume.edit((edit) => edit.remove('/gone.sh'))
})

await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
for (const i of [0, 2, 3, 5]) await cp(drives[i] as string, join(target, `drive-${i}`), { recursive: true })
await writeFile(join(target, 'words.txt'), `${WORDS}\n`)
await writeFile(join(target, 'files.json'), `${JSON.stringify(await listTree(files), null, 1)}\n`)
await rm(folder, { recursive: true })
console.log(`written: ${target}`)
