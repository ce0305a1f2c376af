import { equalBytes } from '@holt/core/bytes.ts'
import { CID_BYTES, cidDigest, cidOf, DAG_CBOR_CODEC } from '@holt/core/cid.ts'
import type { PackId, PackKeeper, SealedPack } from './pack-keeper.ts'
import { parsePackRecord } from './pack-records.ts'
import { parseToc, type Toc } from './toc.ts'

/**
 * Reads a range until `accept` takes it: first the plain bytes, then rebuilt ones in every way the keeper knows.
 *
 * @returns null when there is no way left.
 */
async function readAccepted<T>(
  keeper: PackKeeper,
  { id, offset, length }: { id: PackId; offset: number; length: number },
  accept: (bytes: Uint8Array) => T | null,
): Promise<T | null> {
  for (let attempt = -1; ; attempt++) {
    const bytes = await keeper.read(id, offset, length, attempt < 0 ? {} : { doubt: { attempt } })
    if (!bytes) return null
    const accepted = accept(bytes)
    if (accepted !== null) return accepted
    if (attempt < 0) keeper.suspect(id)
  }
}

/** Reads a range of the copies of a pack that is still open until `isRight` takes one; null when none is. */
export async function readMirrored(
  keeper: PackKeeper,
  { id, offset, length }: { id: PackId; offset: number; length: number },
  isRight: (bytes: Uint8Array) => boolean,
): Promise<Uint8Array | null> {
  for (let attempt = 0; ; attempt++) {
    const bytes = await keeper.readMirror(id, offset, length, { attempt })
    if (!bytes || isRight(bytes)) return bytes
  }
}

/** The body of a clear record whose place and digest, or place alone, are known; checked against the CID before it. */
async function readRecord(
  keeper: PackKeeper,
  id: PackId,
  { offset, length }: { offset: number; length: number },
): Promise<Uint8Array | null> {
  return await readAccepted(keeper, { id, offset: offset - CID_BYTES, length: CID_BYTES + length }, (bytes) => {
    const body = bytes.subarray(CID_BYTES)
    return equalBytes(bytes.subarray(0, CID_BYTES), cidOf(body, DAG_CBOR_CODEC)) ? body : null
  })
}

/** The table of contents of a pack that the keeper has; null when it cannot be read any more. */
export async function readKeptToc(keeper: PackKeeper, { id, toc }: SealedPack): Promise<Toc | null> {
  const body = await readRecord(keeper, id, toc)
  return body && parseToc(body)
}

/** Records that lie closer than this are read together. */
const WINDOW_BYTES = 1 << 20

/** The heads in the commit records of a pack that the keeper has; null when one cannot be read any more. */
export async function readKeptHeads(keeper: PackKeeper, id: PackId, { commits }: Toc): Promise<Uint8Array[] | null> {
  const heads: Uint8Array[] = []
  let window: { offset: number; bytes: Uint8Array } = { offset: 0, bytes: new Uint8Array() }
  for (let i = 0; i < commits.count; i++) {
    const [offset, length] = [commits.offset(i), commits.length(i)]
    if (offset + length > window.offset + window.bytes.length) window = await readWindow(keeper, id, commits, i)
    const near = window.bytes.subarray(offset - window.offset, offset - window.offset + length)
    const isIntact = equalBytes(cidDigest(cidOf(near, DAG_CBOR_CODEC)), commits.digest(i))
    const body = isIntact ? near : await readRecord(keeper, id, { offset, length })
    const record = body && parsePackRecord(body)
    if (record?.kind !== 'commit') return null
    heads.push(...record.commit.heads)
  }
  return heads
}

async function readWindow(
  keeper: PackKeeper,
  id: PackId,
  commits: Toc['commits'],
  first: number,
): Promise<{ offset: number; bytes: Uint8Array }> {
  const offset = commits.offset(first)
  let end = offset + commits.length(first)
  for (let i = first + 1; i < commits.count && commits.offset(i) + commits.length(i) - offset <= WINDOW_BYTES; i++)
    end = commits.offset(i) + commits.length(i)
  return { offset, bytes: (await keeper.read(id, offset, end - offset)) ?? new Uint8Array() }
}
