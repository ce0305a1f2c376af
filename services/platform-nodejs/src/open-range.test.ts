import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openDirectSync } from './direct-sync.ts'
import { nodejsEnvironment } from './environment.ts'
import type { OpenPiece } from './open-jobs.ts'
import { openRange } from './open-range.ts'
import { sealRange } from './read-jobs.ts'
import { unpackBlocks } from './seal-into-slot.ts'
import { SLOT_BYTES } from './slots.ts'

const environment = nodejsEnvironment()
const chunkBytes = 2 ** 20
const sizeBytes = 3 * chunkBytes + 777

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holt-range-'))
  context.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A file, sealed into a "pack" in which it begins anywhere. */
async function sealed(folder: string, { direct }: { direct: boolean }): Promise<{ content: Buffer; key: Buffer; pieces: OpenPiece[] }> {
  const [content, key] = [randomFillSync(Buffer.alloc(sizeBytes)), randomFillSync(Buffer.alloc(32))]
  writeFileSync(join(folder, 'source'), content)
  const fd = openSync(join(folder, 'source'), 'r')
  const directFd = direct ? openDirectSync(join(folder, 'source'), constants.O_RDONLY) : null
  const slot = new ArrayBuffer(SLOT_BYTES)
  const output = await sealRange(environment, { slot, fd, directFd, offset: 0, lengthBytes: sizeBytes, chunkBytes, key })
  closeSync(fd)
  if (directFd !== null) closeSync(directFd)
  const before = 12_345
  writeFileSync(join(folder, 'pack'), Buffer.concat([Buffer.alloc(before), new Uint8Array(slot, 0, output.usedBytes)]))
  const pieces = unpackBlocks(output.packedBlocks).map(({ cid, offset, length }, i) => ({
    cid,
    place: { path: join(folder, 'pack'), offset: before + offset, length },
    fileOffset: i * chunkBytes,
    lengthBytes: Math.min(chunkBytes, sizeBytes - i * chunkBytes),
  }))
  return { content, key, pieces }
}

async function opened(
  folder: string,
  key: Buffer,
  pieces: OpenPiece[],
  { direct }: { direct: boolean },
): Promise<{ failed: number[]; copy: Buffer }> {
  const local = join(folder, 'copy')
  const fd = openSync(local, 'w')
  const directFd = direct ? openDirectSync(local, constants.O_WRONLY) : null
  const { failed } = await openRange(environment, { fd, directFd, keys: [key], pieces })
  closeSync(fd)
  if (directFd !== null) closeSync(directFd)
  return { failed, copy: readFileSync(local) }
}

for (const direct of [true, false]) {
  test(`chunks are sealed and opened ${direct ? 'past' : 'through'} the page cache`, async (context) => {
    const folder = folderOf(context)
    const { content, key, pieces } = await sealed(folder, { direct })
    assert.equal(pieces.length, 4)
    const { failed, copy } = await opened(folder, key, pieces, { direct })
    assert.deepEqual(failed, [])
    assert.ok(copy.equals(content))
  })
}

test('a chunk that is damaged, cut off or elsewhere than told fails alone, and nothing of it is written', async (context) => {
  const folder = folderOf(context)
  const { content, key, pieces } = await sealed(folder, { direct: true })
  const [first, second, third, fourth] = pieces as [OpenPiece, OpenPiece, OpenPiece, OpenPiece]
  truncateSync(join(folder, 'pack'), fourth.place.offset + 100)
  const moved = { ...second, place: { ...second.place, offset: second.place.offset + 1 } }
  const gone = { ...third, place: { ...third.place, path: join(folder, 'gone') } }
  const { failed, copy } = await opened(folder, key, [first, moved, gone, fourth], { direct: true })
  assert.deepEqual(failed, [1, 2, 3])
  assert.ok(copy.equals(content.subarray(0, chunkBytes)))
})
