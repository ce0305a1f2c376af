import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Head, headCid, verifyHeadAt } from './head.ts'

/** Clocks differ; a head from further in the future would make others look expired. */
const CLOCK_TOLERANCE_SECONDS = 600

export interface AcceptOptions {
  /** The verifier's clock. */
  nowSeconds?: number
}

/**
 * Decides about a head that is offered to one who has seen another (or none) of the same volume.
 *
 * Expiry: a writer with an old writecap could date a head back, so a delegated head counts as made at the latest of
 * what it says, the time of the head it follows, and the verifier's own clock. An owner's clock may be wrong: a box
 * without a battery starts in 1970.
 *
 * @returns the path at or under which the writer may have changed the tree, for `verifyChange`; null when the head
 * offered is the very one that was seen.
 * @throws HoltError ROLLED_BACK for an older one, or one that forgets a revocation; CONFLICT for another one of the same
 * number, and for a delegated one that does not follow the one seen directly (fetch those between, and offer them in
 * turn); else what `verifyHead` throws.
 */
export function acceptHead(
  crypto: Crypto,
  seen: Head | null,
  offered: Head,
  { nowSeconds = Date.now() / 1000 }: AcceptOptions = {},
): string | null {
  if (seen !== null && isSame(seen, offered)) return null
  const now = Math.floor(nowSeconds)
  const path = verifyHeadAt(crypto, offered, Math.max(offered.time[0], seen?.time[0] ?? offered.time[0], now))
  if (seen !== null) checkForward(seen, offered)
  if (offered.chain.length > 0) checkDelegated(seen, offered, now)
  return path
}

function isSame(seen: Head, offered: Head): boolean {
  return seen.seq === offered.seq && equalBytes(encode(seen), encode(offered))
}

function checkForward(seen: Head, offered: Head): void {
  if (!equalBytes(seen.volume, offered.volume)) throw new RangeError('heads of two volumes')
  const data = { seen: seen.seq, offered: offered.seq }
  if (offered.seq < seen.seq) throw new HoltError('ROLLED_BACK', 'the head is older than one that was seen', data)
  if (offered.seq === seen.seq) throw new HoltError('CONFLICT', 'two heads have the same number', data)
  if (!includesAll(offered.revoked, seen.revoked)) throw new HoltError('ROLLED_BACK', 'the head forgets a revocation', data)
}

/** Who is not the owner may neither skip heads (what changed could not be checked) nor revoke. */
function checkDelegated(seen: Head | null, offered: Head, now: number): void {
  const data = { seen: seen?.seq ?? 0, offered: offered.seq }
  const follows = seen !== null && offered.seq === seen.seq + 1 && offered.prev !== null && equalBytes(offered.prev, headCid(encode(seen)))
  if (!follows) throw new HoltError('CONFLICT', 'a delegated head counts only on top of the one it follows', data)
  if (offered.revoked.length !== seen.revoked.length) throw new HoltError('NOT_AUTHORIZED', 'only the owner revokes', data)
  if (offered.time[0] > now + CLOCK_TOLERANCE_SECONDS) throw new HoltError('NOT_AUTHORIZED', 'the head is from the future', data)
}

/** Both are ascending. */
function includesAll(list: readonly Uint8Array[], wanted: readonly Uint8Array[]): boolean {
  let place = 0
  return wanted.every((serial) => {
    while (place < list.length && !equalBytes(list[place] as Uint8Array, serial)) place++
    return place < list.length
  })
}
