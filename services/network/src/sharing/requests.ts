import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { type WriteGrant, issueWritecap, type Writecap } from '@holt/tree/caps/writecap.ts'
import { isAtOrUnder, splitPath } from '@holt/tree/names.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { type Chain, type GivenFolder, MAX_FOLDER_PATH_BYTES, MOST_GRANTS, MOST_REQUESTS, type WriteRequest } from './folder-record.ts'

/** So many of one friend may wait, over all folders. */
export const MOST_WAITING = 4
/** Who was refused asks for the same again after so long. */
export const ASKED_AGAIN_SECONDS = 24 * 3600

export interface Asked {
  owner: Principal
  path: string
  note: string
}

/**
 * A folder with one more request in it; the same folder when the friend has asked already, or may.
 *
 * @param waiting how many requests of the friend wait, in all folders.
 * @throws HoltError TOO_MANY_TRIES, PATH_INVALID
 */
export function withRequest(
  folder: GivenFolder,
  { owner, path, note }: Asked,
  { waiting, now, id }: { waiting: number; now: number; id: Uint8Array },
): GivenFolder {
  splitPath(path)
  const mine = folder.requests.filter((one) => equalBytes(one.owner, owner) && one.path === path)
  const mayAlready = folder.grants.some((one) => isOf(one, owner) && isHolding(one, now) && isAtOrUnder(path, lastOf(one).path))
  if (mayAlready || mine.some(({ refused }) => refused === null)) return folder
  const late = mine.find(({ refused }) => refused !== null && now < refused + ASKED_AGAIN_SECONDS)
  if (late !== undefined)
    throw new HoltError('TOO_MANY_TRIES', 'this was refused not long ago', {
      retryAfterMs: ((late.refused as number) + ASKED_AGAIN_SECONDS - now) * 1000,
    })
  const others = folder.requests.filter((one) => !mine.includes(one))
  const kept = others.length < MOST_REQUESTS ? others : withoutOldestRefused(others)
  if (waiting >= MOST_WAITING || kept.length >= MOST_REQUESTS) throw new HoltError('TOO_MANY_TRIES', 'too many requests wait already')
  return { ...folder, requests: [...kept, { id, owner, path, note, made: now, refused: null }] }
}

function withoutOldestRefused(requests: readonly WriteRequest[]): readonly WriteRequest[] {
  const refused = requests.filter((one) => one.refused !== null)
  const oldest = refused.reduce<WriteRequest | null>((a, b) => (a === null || (b.refused as number) < (a.refused as number) ? b : a), null)
  return requests.filter((one) => one !== oldest)
}

/** @throws HoltError NOT_FOUND */
export function requestOf({ requests }: GivenFolder, id: Uint8Array): WriteRequest {
  const found = requests.find((one) => equalBytes(one.id, id) && one.refused === null)
  if (found === undefined) throw new HoltError('NOT_FOUND', 'no such request waits')
  return found
}

/** What the friend asked for is answered by this: at its path, above or below. */
export function withGrant(
  crypto: Crypto,
  folder: GivenFolder,
  { volume, grant, seed, now }: { volume: Uint8Array; grant: WriteGrant; seed: Uint8Array; now: number },
): GivenFolder {
  splitPath(grant.path)
  if (new TextEncoder().encode(grant.path).length > MAX_FOLDER_PATH_BYTES) throw new HoltError('PATH_INVALID', 'this path is too long')
  if (grant.expires !== undefined && grant.expires !== null && grant.expires <= now)
    throw new HoltError('INPUT_INVALID', 'that time has passed', { field: 'expires' })
  if (!folder.readers.some(({ owner }) => equalBytes(owner, grant.subject)))
    throw new HoltError('NOT_FOUND', 'the folder is not shared with this friend')
  return withChain(folder, [issueWritecap(crypto, volume, grant, seed)], now)
}

/** @throws HoltError TOO_LARGE */
export function withChain(folder: GivenFolder, chain: Chain, now: number): GivenFolder {
  const holding = folder.grants.filter((one) => isHolding(one, now))
  if (holding.length >= MOST_GRANTS) throw new HoltError('TOO_LARGE', 'too many may write already')
  return { ...folder, grants: [...holding, chain] }
}

/** Who writes by it. */
export function isOf(chain: Chain, owner: Principal): boolean {
  return equalBytes(lastOf(chain).subject, owner)
}

export function lastOf(chain: Chain): Writecap {
  return chain.at(-1) as Writecap
}

/** None outlives the one that it comes from. */
export function isHolding(chain: Chain, now: number): boolean {
  const { expires } = lastOf(chain)
  return expires === null || now <= expires
}

/** Without this writecap, and all that come from it. */
export function withoutGrant(folder: GivenFolder, serial: Uint8Array): GivenFolder {
  const revoked = folder.revoked.some((one) => equalBytes(one, serial)) ? folder.revoked : [...folder.revoked, serial]
  return { ...folder, grants: folder.grants.filter((chain) => !chain.some((one) => equalBytes(one.serial, serial))), revoked }
}

/** What was given to that reader is taken back. */
export function withoutReader(folder: GivenFolder, owner: Principal): GivenFolder {
  const theirs = folder.grants.flatMap((chain) => chain.filter(({ subject }) => equalBytes(subject, owner)))
  const rest = theirs.reduce((left, { serial }) => withoutGrant(left, serial), folder)
  return {
    ...rest,
    readers: folder.readers.filter((one) => !equalBytes(one.owner, owner)),
    gone: [...folder.gone.filter((one) => !equalBytes(one, owner)), owner].slice(-64),
    requests: folder.requests.filter((one) => !equalBytes(one.owner, owner)),
  }
}
