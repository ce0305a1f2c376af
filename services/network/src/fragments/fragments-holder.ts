import { digestOfGroups, groupCount, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { compareBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { parseFragmentTail, rootOf, verifySpread } from '@holt/store/fragments/fragment-file.ts'
import { InTurn } from '../in-turn.ts'
import type { Handlers } from '../rpc/responder.ts'
import {
  type Agreement,
  decodeAgreement,
  decodeRelease,
  encodeAgreement,
  fragmentNameOf,
  signAgreement,
  verifyAgreement,
  verifyRelease,
} from './agreement.ts'
import { type FragmentsMethods, MOST_GROUPS, MOST_LISTED } from './fragments-protocol.ts'
import { type Held, HeldFragments } from './held-fragments.ts'

export interface FragmentsHolderOptions {
  disk: Disk
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  /** Whose node asks. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf: (peer: Principal) => Principal
  /** How much an owner may give. */
  mostBytes: (owner: Principal) => number
  warn: (text: string) => void
}

const DAY = 24 * 3600
/** A clock may be off by a day, and more. */
const MOST_AHEAD_SECONDS = 2 * DAY
export const LONGEST_AGREEMENT_SECONDS = 400 * DAY
/** After its time a fragment stays some days: its giver may have been away, or this clock be wrong. */
const GRACE_SECONDS = 3 * DAY
const TIDY_EVERY_MS = 3_600_000
/** So many times in a row something must be over: a clock that leaps and is set right again deletes nothing. */
const OVER_TIMES = 24
/** What was never brought is not waited for. */
const UNBROUGHT_TIMES = 7 * 24
/** Of one owner, with those that were released: records are small, and yet take room. */
const MOST_FRAGMENTS = 50_000
const RECHECKED_EVERY_MS = 60_000
const LEFT_FREE_BYTES = 1 << 30
const LIST_BYTES = 256 << 10

/** Keeps fragments for friends: what they may ask, and when it is over. */
export class FragmentsHolder {
  readonly #options: FragmentsHolderOptions
  readonly #held: HeldFragments
  readonly #turns = new Map<string, InTurn>()
  /** How often in a row something was seen to be over, or not brought. */
  readonly #over = new WeakMap<Held, { times: number; have: number | null }>()
  /** When all of it was read the last time. */
  readonly #checked = new WeakMap<Held, number>()
  #callOff: () => void = () => {}
  #stopped = false

  private constructor(options: FragmentsHolderOptions, held: HeldFragments) {
    this.#options = options
    this.#held = held
  }

  static async open(options: FragmentsHolderOptions): Promise<FragmentsHolder> {
    return new FragmentsHolder(options, await HeldFragments.open(options.disk, options.warn))
  }

  /** Looks now and then for what is over. */
  start(): void {
    if (!this.#stopped) this.#callOff = this.#options.clock.after(TIDY_EVERY_MS, () => void this.tidy().finally(() => this.start()))
  }

  stop(): void {
    this.#stopped = true
    this.#callOff()
    this.#held.close()
  }

  heldBytes(owner: Principal): number {
    return this.#held.promisedBytes(owner)
  }

  handlers(): Handlers<FragmentsMethods> {
    const { ownerOf } = this.#options
    return {
      offer: (peer, offer) => this.#inTurn(ownerOf(peer), (owner) => this.#offer(owner, offer)),
      put: (peer, { fragment, offset, bytes }) =>
        this.#inTurn(ownerOf(peer), async (owner) => ({ have: await this.#held.put(this.#find(owner, fragment), offset, bytes) })),
      read: (peer, wanted) => this.#read(ownerOf(peer), wanted),
      release: (peer, { release }) => this.#inTurn(ownerOf(peer), (owner) => this.#release(owner, release)),
      list: (peer, { after }) => this.#list(ownerOf(peer), after),
      room: (peer) => this.#room(ownerOf(peer)),
    }
  }

  /** Removes what is over, and what was never brought. Never throws. */
  async tidy(): Promise<void> {
    for (const owner of this.#held.owners())
      await this.#inTurn(owner, async () => {
        for (const held of this.#held.of(owner)) if (this.#isOver(held)) await this.#held.forget(held)
      }).catch((error: unknown) => this.#options.warn(`what is kept for another could not be tidied up: ${toHoltError(error).message}`))
  }

  #isOver(held: Held): boolean {
    const { agreement, complete, released, have } = held
    const isPast = agreement.until + GRACE_SECONDS < nowSeconds(this.#options.clock)
    const isUnbrought = !complete && released === null
    const before = this.#over.get(held)
    const isMoved = before !== undefined && before.have !== have
    const times = (!isPast && !isUnbrought) || (isMoved && !isPast) ? 0 : (before?.times ?? 0) + 1
    this.#over.set(held, { times, have })
    return times >= (isPast ? OVER_TIMES : UNBROUGHT_TIMES)
  }

  async #offer(owner: Principal, offer: { agreement: Uint8Array; tail: Uint8Array; groups: Uint8Array }) {
    const { crypto, keys } = this.#options
    const agreement = decodeAgreement(offer.agreement)
    this.#mustConcern(owner, agreement)
    this.#mustBeTimely(agreement)
    verifyAgreement(crypto, agreement, ['giver'])
    const known = this.#mustBeNewer(agreement)
    const isRenewed = offer.groups.length === 0 && known !== null && known.released === null
    if (!isRenewed) this.#mustFit(agreement, offer)
    else if (agreement.sizeBytes !== known.agreement.sizeBytes) throw new HoltError('MALFORMED', 'the fragment has another size')
    const signature = signAgreement(crypto, agreement, keys.owner.seed)
    const signed = { ...agreement, signatures: { giver: agreement.signatures.giver, holder: signature } }
    if (known !== null && equalBytes(encodeAgreement(known.agreement), encodeAgreement(signed)))
      return { signature, have: await (isRenewed ? this.#held.have(known) : this.#recheck(known)) }
    await this.#mustHaveRoom(agreement, known)
    const content = { tail: offer.tail.slice(), groups: offer.groups.slice() }
    const held = isRenewed ? await this.#held.prolong(known, signed) : await this.#held.promise(signed, content)
    return { signature, have: await (isRenewed ? this.#held.have(held) : this.#recheck(held)) }
  }

  /** Who offers again what should be here may have found it damaged. Reading all of it is not done as often as somebody asks. */
  async #recheck(held: Held): Promise<number> {
    const now = this.#options.clock.nowMs()
    if (!held.complete || Math.abs(now - (this.#checked.get(held) ?? Number.NEGATIVE_INFINITY)) < RECHECKED_EVERY_MS)
      return this.#held.have(held)
    this.#checked.set(held, now)
    return this.#held.recheck(held)
  }

  #mustConcern(owner: Principal, { giver, holder }: Pick<Agreement, 'giver' | 'holder'>): void {
    const { keys } = this.#options
    if (!equalBytes(giver, owner)) throw new HoltError('NOT_AUTHORIZED', 'the agreement is of another giver')
    if (!equalBytes(holder.owner, keys.owner.publicKey) || !equalBytes(holder.node, keys.node.publicKey))
      throw new HoltError('NOT_AUTHORIZED', 'the agreement is of another holder')
  }

  #mustBeTimely({ made, until }: Agreement): void {
    const now = nowSeconds(this.#options.clock)
    if (until <= now) throw new HoltError('CAP_EXPIRED', 'the time of the agreement is over')
    if (made > now + MOST_AHEAD_SECONDS) throw new HoltError('MALFORMED', 'the agreement is of the future')
    if (until > now + LONGEST_AGREEMENT_SECONDS) throw new HoltError('TOO_LARGE', 'nothing is kept for so long')
  }

  /** The tail is the one that was agreed on, signed, and of the hashes that come with it. */
  #mustFit({ fragment, sizeBytes }: Agreement, { tail, groups }: { tail: Uint8Array; groups: Uint8Array }): void {
    if (!equalBytes(fragmentNameOf(tail), fragment)) throw new HoltError('MALFORMED', 'the agreement is about another fragment')
    const { spread, index } = parseFragmentTail(tail, sizeBytes)
    if (spread.shardBytes + tail.length !== sizeBytes) throw new HoltError('MALFORMED', 'more comes with the fragment than it has')
    verifySpread(this.#options.crypto, spread, spread.owner)
    const isWhole = groups.length === groupCount(spread.shardBytes) * HASH_BYTES
    if (!isWhole || !equalBytes(digestOfGroups(groups), rootOf(spread, index)))
      throw new HoltError('MALFORMED', 'the hashes are not those of the fragment')
  }

  /** Nothing that was said before is taken again: what was released stays so until there is a newer agreement. */
  #mustBeNewer({ giver, fragment, made, until, sizeBytes, holder, signatures }: Agreement): Held | null {
    const known = this.#held.get(giver, fragment)
    if (known === null) return null
    if (known.released !== null && made <= known.released) throw new HoltError('CAP_REVOKED', 'this agreement was ended', { made })
    if (made < known.agreement.made) throw new HoltError('ROLLED_BACK', 'a newer agreement is known', { made: known.agreement.made })
    const same = { giver, fragment, made, until, sizeBytes, holder, signatures: { ...known.agreement.signatures, giver: signatures.giver } }
    if (made === known.agreement.made && !equalBytes(encodeAgreement(same), encodeAgreement(known.agreement)))
      throw new HoltError('CONFLICT', 'another agreement was made at the same time')
    return known
  }

  /** @throws HoltError DISK_FULL, of this owner's share or of the disk. */
  async #mustHaveRoom({ giver, sizeBytes }: Agreement, known: Held | null): Promise<void> {
    const { disk, mostBytes } = this.#options
    if (known !== null && known.released === null) return
    const [used, most] = [this.#held.promisedBytes(giver), mostBytes(giver)]
    if (used + sizeBytes > most) throw new HoltError('DISK_FULL', 'there is no more room for you here', { used, most })
    if (known === null && this.#held.of(giver).length >= MOST_FRAGMENTS) throw new HoltError('DISK_FULL', 'there are too many fragments')
    const { freeBytes, totalBytes } = await disk.space()
    const left = freeBytes - this.#held.awaitedBytes - Math.min(LEFT_FREE_BYTES, totalBytes / 10)
    if (left < sizeBytes) throw new HoltError('DISK_FULL', 'the drive is full')
  }

  #find(owner: Principal, fragment: Uint8Array): Held {
    const held = this.#held.get(owner, fragment)
    if (held !== null && held.released === null) return held
    throw new HoltError('NOT_FOUND', 'no such fragment was agreed on')
  }

  async #read(owner: Principal, { fragment, from, to }: { fragment: Uint8Array; from: number; to: number }) {
    const held = this.#find(owner, fragment)
    if (from >= to || to - from > MOST_GROUPS || to > groupCount(held.shardBytes))
      throw new HoltError('MALFORMED', 'the fragment has no such part', { from, to })
    const read = await this.#held.read(held, from, to)
    if (read === null) throw new HoltError('BLOCK_NOT_FOUND', 'the fragment is not here')
    return read
  }

  async #release(owner: Principal, bytes: Uint8Array): Promise<Record<string, never>> {
    const release = decodeRelease(bytes)
    this.#mustConcern(owner, release)
    verifyRelease(this.#options.crypto, release)
    const known = this.#held.get(owner, release.fragment)
    if (known === null || (known.released !== null && known.released >= release.made)) return {}
    if (release.made < known.agreement.made)
      throw new HoltError('ROLLED_BACK', 'a newer agreement is known', { made: known.agreement.made })
    await this.#held.release(known, release)
    return {}
  }

  async #list(owner: Principal, after: Uint8Array | null): Promise<{ held: { agreement: Uint8Array; tail: Uint8Array }[] }> {
    const whole = this.#held
      .of(owner)
      .filter(({ complete, agreement }) => complete && (after === null || compareBytes(agreement.fragment, after) > 0))
    whole.sort((a, b) => compareBytes(a.agreement.fragment, b.agreement.fragment))
    const held: { agreement: Uint8Array; tail: Uint8Array }[] = []
    for (let bytes = 0; held.length < Math.min(MOST_LISTED, whole.length) && bytes < LIST_BYTES; ) {
      const next = whole[held.length] as Held
      held.push({ agreement: encodeAgreement(next.agreement), tail: await this.#held.tail(next) })
      bytes += held.at(-1)?.tail.length ?? 0
    }
    return { held }
  }

  #room(owner: Principal): { used: number; most: number } {
    return { used: this.#held.promisedBytes(owner), most: this.#options.mostBytes(owner) }
  }

  #inTurn<T>(owner: Principal, work: (owner: Principal) => Promise<T>): Promise<T> {
    const turns = this.#turns.get(toHex(owner)) ?? new InTurn()
    this.#turns.set(toHex(owner), turns)
    return turns.run(() => work(owner))
  }
}
