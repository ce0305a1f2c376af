import { GROUP_BYTES, groupCount, verifyGroups } from '@holt/core/blake3-tree.ts'
import { compareBytes, concatBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { encodeFragmentTail, parseFragmentTail, rootOf, type SpreadPack, verifySpread } from '@holt/store/fragments/fragment-file.ts'
import type { Caller } from '../rpc/caller.ts'
import type { AnswerOf } from '../rpc/protocol.ts'
import {
  decodeAgreement,
  encodeAgreement,
  encodeRelease,
  fragmentNameOf,
  signAgreement,
  signRelease,
  verifyAgreement,
} from './agreement.ts'
import { type FragmentsMethods, MOST_GROUPS, PIECE_BYTES } from './fragments-protocol.ts'
import type { Given, GivenBook } from './given-book.ts'
import { type FragmentToGive, ShardHashes, unreadable } from './shard-hashes.ts'

/** Both have signed. */
export function isAgreed({ agreement }: Given): boolean {
  return agreement.signatures.holder.some((byte) => byte !== 0)
}

/** A node of a friend that keeps fragments. */
export interface Friend {
  owner: Principal
  node: Principal
}

export type Ask = Caller<FragmentsMethods>

export interface FragmentsGiverOptions {
  crypto: Crypto
  clock: Clock
  /** Of this node's owner, whose data it is. */
  owner: KeyPair
  book: GivenBook
  /** A friend gave what it should have, when it was tried out; or did not have it, or gave something else, whenever it was read. */
  proved?: (friend: Friend, isGiven: boolean) => void
}

const DAY = 24 * 3600
export const AGREED_FOR_SECONDS = 120 * DAY
export const RENEWED_BEFORE_SECONDS = 60 * DAY
const PUT_MS = 120_000
/** A holder that says again and again that it has less than it had is not gone on with. */
const MOST_STEPS_BACK = 3
/** So that a way that is long costs little. */
const PIECES_AT_ONCE = 4
/** Some may be damaged at the friend. */
const MOST_UNBELIEVED = 1000
/** These say that the holder has not what it agreed to have. */
const FAULTS = new Set<string>(['BLOCK_CORRUPT', 'BLOCK_NOT_FOUND', 'NOT_FOUND', 'MALFORMED'])

/** What one node does with fragments of its own at one friend: gives, reads back, tries out, takes back. Each may be done again after any failure. */
export class FragmentsGiver {
  readonly #options: FragmentsGiverOptions
  readonly #hashes: ShardHashes

  constructor(options: FragmentsGiverOptions) {
    this.#options = options
    this.#hashes = new ShardHashes(options.clock)
  }

  /**
   * Resolves when the friend has all of it and both have both signatures.
   *
   * @throws HoltError of the friend: DISK_FULL when it takes no more; of the way to it; IO_FAILED when the fragment here is not right.
   */
  async give(ask: Ask, friend: Friend, fragment: FragmentToGive): Promise<Given> {
    const { book } = this.#options
    const tail = encodeFragmentTail(fragment.spread, fragment.index)
    const groups = await this.#hashes.of(fragment)
    const { agreement, begun, have } = await this.#agree(ask, await this.#begin(friend, { spread: fragment.spread, tail }), groups)
    await this.#put(ask, { fragment, name: agreement.fragment, have })
    const given = await book.write({ ...begun, agreement, placed: true })
    // who says that it has what it never got is found out at once
    await this.audit(ask, given)
    return given
  }

  /** What the friend has is agreed on for longer; the fragment need not be here any more. @throws HoltError as `give`. */
  async renew(ask: Ask, given: Given): Promise<Given> {
    const begun = await this.#begin(given.agreement.holder, given)
    const { agreement, have } = await this.#agree(ask, begun, new Uint8Array(0))
    return this.#options.book.write({ ...begun, agreement, placed: have === given.spread.shardBytes })
  }

  /**
   * Part of the shard, each group of it proven.
   *
   * @throws HoltError BLOCK_CORRUPT, BLOCK_NOT_FOUND, NOT_FOUND when the friend has it not, which is written down; of the way to it.
   */
  async read(
    ask: Ask,
    given: Given,
    { column, length, withinMs }: { column: number; length: number; withinMs?: number },
  ): Promise<Uint8Array> {
    const [first, end] = [Math.floor(column / GROUP_BYTES), Math.ceil((column + length) / GROUP_BYTES)]
    const parts: Promise<Uint8Array>[] = []
    for (let from = first; from < end; from += MOST_GROUPS)
      parts.push(this.#readGroups(ask, given, { from, to: Math.min(end, from + MOST_GROUPS), withinMs }))
    const start = column - first * GROUP_BYTES
    const [read, ...more] = await Promise.all(parts)
    return (more.length === 0 ? (read as Uint8Array) : concatBytes([read as Uint8Array, ...more])).subarray(start, start + length)
  }

  /** Has the friend prove one group that it cannot foresee. @throws HoltError as `read`. */
  async audit(ask: Ask, given: Given): Promise<void> {
    const count = groupCount(given.spread.shardBytes)
    const [a = 0, b = 0, c = 0, d = 0] = this.#options.crypto.randomBytes(4)
    const from = (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % count
    await this.#readGroups(ask, given, { from, to: from + 1 })
    this.#options.proved?.(given.agreement.holder, true)
  }

  /** Signed and written down at once, and told when the friend is there. */
  async release(given: Given): Promise<Given> {
    if (given.release !== null) return given
    const { crypto, clock, owner, book } = this.#options
    const { giver, holder, fragment } = given.agreement
    const made = Math.max(nowSeconds(clock), given.agreement.made)
    return book.write({ ...given, placed: false, release: signRelease(crypto, { giver, holder, fragment, made }, owner.seed) })
  }

  /** The friend has heard of it when it resolves. */
  async tellRelease(ask: Ask, given: Given): Promise<void> {
    if (given.release === null) return
    await ask.call('release', { release: encodeRelease(given.release) }).catch((error: unknown) => {
      if (!isHoltError(error, 'ROLLED_BACK')) throw error
    })
    await this.#options.book.forget(given)
  }

  /**
   * Everything that the friend says it has of ours, as far as both signed it; written down where it is not known.
   *
   * @throws HoltError of the way to it; PEER_FAILED when it says much that is not so.
   */
  async learn(ask: Ask, friend: Friend, storage: Principal): Promise<Given[]> {
    const { book } = this.#options
    const learned: Given[] = []
    let unbelieved = 0
    for (let after: Uint8Array | null = null; ; ) {
      const { held }: AnswerOf<FragmentsMethods, 'list'> = await ask.call('list', { after })
      const believed = new Map<string, Given>()
      for (const { agreement, tail } of held) {
        const given = await this.#believe(friend, storage, { agreement: decodeAgreement(agreement), tail })
        if (given !== null) believed.set(toHex(given.agreement.fragment), given)
        else if (++unbelieved > MOST_UNBELIEVED) throw new HoltError('PEER_FAILED', 'the peer names fragments that nobody signed')
      }
      // side by side, since a disk makes many durable nearly as fast as one
      const written = [...believed.values()].map((given) => book.learn(given))
      learned.push(...(await Promise.all(written)))
      const last: Uint8Array | null =
        held.length === 0 ? null : decodeAgreement((held.at(-1) as { agreement: Uint8Array }).agreement).fragment
      // names must ascend, or a friend could go on for ever
      if (last === null || (after !== null && compareBytes(last, after) <= 0)) return learned
      after = last
    }
  }

  /** @returns null for what is not so: one such must not keep the others from being learned. */
  async #believe(friend: Friend, storage: Principal, said: Pick<Given, 'agreement' | 'tail'>) {
    try {
      return this.#checked(friend, storage, said)
    } catch (error) {
      if (isHoltError(error)) return null
      throw error
    }
  }

  #checked(friend: Friend, storage: Principal, said: Pick<Given, 'agreement' | 'tail'>) {
    const { crypto, owner } = this.#options
    const { giver, holder, fragment, sizeBytes } = said.agreement
    const concerns = equalBytes(giver, owner.publicKey) && equalBytes(holder.owner, friend.owner) && equalBytes(holder.node, friend.node)
    if (!concerns || !equalBytes(fragmentNameOf(said.tail), fragment)) return null
    const { spread, index } = parseFragmentTail(said.tail, sizeBytes)
    verifyAgreement(crypto, said.agreement)
    verifySpread(crypto, spread, storage)
    return { agreement: said.agreement, tail: said.tail.slice(), placed: true, release: null, spread, index }
  }

  async #agree(ask: Ask, begun: Given, groups: Uint8Array) {
    const { crypto, book } = this.#options
    const offer = { agreement: encodeAgreement(begun.agreement), tail: begun.tail, groups }
    const { signature, have } = await ask.call('offer', offer, { withinMs: PUT_MS }).catch(async (error: unknown) => {
      // a no is a no; after a silence it may have agreed
      if (isHoltError(error) && error.data['peer'] !== undefined && !begun.placed) await book.forget(begun)
      throw error
    })
    const agreement = { ...begun.agreement, signatures: { ...begun.agreement.signatures, holder: signature } }
    verifyAgreement(crypto, agreement)
    return { begun, agreement, have }
  }

  /** What was begun is gone on with; what will soon be over is agreed on anew. */
  async #begin(friend: Friend, { spread, tail }: { spread: SpreadPack; tail: Uint8Array }): Promise<Given> {
    const { crypto, clock, owner, book } = this.#options
    const holder = { owner: friend.owner, node: friend.node }
    const fragment = fragmentNameOf(tail)
    const known = book.get(spread.id, { fragment, holder })
    const now = nowSeconds(clock)
    if (known !== null && known.release === null && known.agreement.until > now + RENEWED_BEFORE_SECONDS) return known
    const made = Math.max(now, (known?.release?.made ?? known?.agreement.made ?? 0) + 1)
    const sizeBytes = spread.shardBytes + tail.length
    const unsigned = { giver: owner.publicKey, holder, fragment, sizeBytes, made, until: made + AGREED_FOR_SECONDS }
    const signatures = { giver: signAgreement(crypto, unsigned, owner.seed), holder: new Uint8Array(64) }
    return book.write({ agreement: { ...unsigned, signatures }, tail, placed: known?.placed ?? false, release: null })
  }

  /** Several pieces are on their way at once, which the friend takes in turn; when it has another length than was thought, it goes on from there. */
  async #put(ask: Ask, { fragment, name, have }: { fragment: FragmentToGive; name: Uint8Array; have: number }): Promise<void> {
    const { shardBytes } = fragment.spread
    const underWay: Piece[] = []
    for (let [offset, stepsBack] = [have, 0]; offset < shardBytes || underWay.length > 0; ) {
      while (offset < shardBytes && underWay.length < PIECES_AT_ONCE) {
        const bytes = await fragment.read(offset, Math.min(PIECE_BYTES, shardBytes - offset))
        if (bytes === null) throw unreadable()
        underWay.push(pieceOf(offset, bytes.length, ask.call('put', { fragment: name, offset, bytes }, { withinMs: PUT_MS })))
        offset += bytes.length
      }
      const first = underWay.shift() as Piece
      const next = checkedEnd(await first.have, shardBytes)
      if (next === first.end) continue
      if (next <= first.start && ++stepsBack > MOST_STEPS_BACK)
        throw new HoltError('PEER_FAILED', 'the peer takes the fragment and has it not')
      offset = next
      for (const piece of underWay.splice(0)) offset = checkedEnd(await piece.have, shardBytes)
    }
  }

  async #readGroups(
    ask: Ask,
    given: Given,
    { from, to, withinMs }: { from: number; to: number; withinMs?: number | undefined },
  ): Promise<Uint8Array> {
    const { spread, index, agreement } = given
    try {
      const answer = await ask.call('read', { fragment: agreement.fragment, from, to }, withinMs === undefined ? {} : { withinMs })
      verifyGroups(rootOf(spread, index), { from, to, count: groupCount(spread.shardBytes) }, answer)
      const expected = Math.min(to * GROUP_BYTES, spread.shardBytes) - from * GROUP_BYTES
      if (answer.bytes.length !== expected) throw new HoltError('BLOCK_CORRUPT', 'a part of a fragment is too short')
      return answer.bytes
    } catch (error) {
      if (isHoltError(error) && FAULTS.has(error.code)) {
        this.#options.proved?.(agreement.holder, false)
        if (given.placed) await this.#options.book.write({ ...given, placed: false })
      }
      throw error
    }
  }
}

/** Part of a shard that is on its way, and what the friend will say that it has then. */
interface Piece {
  start: number
  end: number
  have: Promise<number>
}

function pieceOf(start: number, length: number, answer: Promise<{ have: number }>): Piece {
  const have = answer.then((said) => said.have)
  have.catch(() => {}) // it is looked at in its turn, or not any more
  return { start, end: start + length, have }
}

/** @throws HoltError PEER_FAILED for what no shard of this length can end at. */
function checkedEnd(have: number, shardBytes: number): number {
  if (have <= shardBytes && have % GROUP_BYTES === (have === shardBytes ? shardBytes % GROUP_BYTES : 0)) return have
  throw new HoltError('PEER_FAILED', 'the peer has more of the fragment than there is')
}
