import { toHex } from '@holt/core/bytes.ts'
import { isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import type { Links } from '../links.ts'
import type { Caller } from '../rpc/caller.ts'
import { NewestFriend } from './newest-friend.ts'
import type { NewestMethods } from './newest-protocol.ts'
import { encodeNewest, signNewest } from './newest-record.ts'
import { NewestRecords, type NewestRecordsOptions } from './newest-records.ts'
import type { NewestSource } from './newest-source.ts'
import type { ReplacedNode } from './replaced-nodes.ts'

export interface NewestGiverOptions extends Omit<NewestRecordsOptions, 'source'> {
  links: Links
  /** Nodes of those to whom the owner wants to give. */
  friends: () => Friend[]
  /** Friends have fragments enough of every pack that is spread. */
  isAllGiven: () => boolean
  /** What others say of the newest head is durable when it resolves. */
  settle?: () => Promise<void>
  warn: (text: string) => void
}

const SOON_MS = 2000
const LOOK_EVERY_MS = 60_000
const MOST_FRIENDS = 8

/** What is given, and to whom. */
interface Giving {
  source: NewestSource
  records: NewestRecords
  friends: Map<string, NewestFriend>
}

/** Gives friends the newest state of this node, some seconds after each commit. */
export class NewestGiver {
  readonly #options: NewestGiverOptions
  #giving: Giving | null = null
  #replaced: readonly ReplacedNode[] = []
  #callOff: (() => void) | null = null
  #dueMs = Number.POSITIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: NewestGiverOptions) {
    this.#options = options
  }

  /** From now on this is what is given. */
  follow(source: NewestSource): void {
    this.#giving = { source, records: new NewestRecords({ ...this.#options, source }), friends: new Map() }
    this.#lookIn(SOON_MS)
  }

  /** To be called after each commit. */
  committed(): void {
    this.#lookIn(SOON_MS)
  }

  /** What a friend that was away is to have need not wait any more. */
  met(node: Principal): void {
    if (this.#giving?.friends.get(toHex(node))?.isBack() === true) this.#lookIn(SOON_MS)
  }

  /** These nodes are no more: each friend that has all that this one has may forget what it kept of them. */
  replace(nodes: readonly ReplacedNode[]): void {
    this.#replaced = nodes
    for (const friend of this.#giving?.friends.values() ?? []) friend.hasForgotten = false
    this.#lookIn(SOON_MS)
  }

  /** The friend has everything that was acknowledged until then; null: nothing is known. */
  asOfMs({ node }: Friend): number | null {
    return this.#giving?.friends.get(toHex(node))?.asOfMs ?? null
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff?.()
    await this.#running
  }

  #lookIn(delayMs: number): void {
    const dueMs = this.#options.clock.nowMs() + delayMs
    if (this.#stopped || this.#giving === null || dueMs >= this.#dueMs) return
    this.#callOff?.()
    this.#dueMs = dueMs
    this.#callOff = this.#options.clock.after(delayMs, () => {
      this.#running = this.#running.then(() => this.#look())
    })
  }

  async #look(): Promise<void> {
    this.#dueMs = Number.POSITIVE_INFINITY
    await this.round()
    this.#lookIn(this.#giving?.records.isDeferred === true ? SOON_MS : LOOK_EVERY_MS)
  }

  /** Gives every friend what it lacks. Never throws. */
  async round(): Promise<void> {
    const { friends, warn } = this.#options
    const giving = this.#giving
    const wanted = friends().slice(0, MOST_FRIENDS)
    if (giving === null || wanted.length === 0 || this.#stopped) return
    try {
      await this.#give(
        giving,
        wanted.map((friend) => this.#friend(giving, friend)),
      )
    } catch (error) {
      warn(`the newest state could not be given to friends: ${toHoltError(error).message}`)
    }
  }

  async #give({ source, records }: Giving, friends: readonly NewestFriend[]): Promise<void> {
    const { clock, isAllGiven, settle } = this.#options
    const unasked = friends.filter(({ sizes }) => sizes === null)
    await Promise.all(unasked.map((friend) => friend.try((ask) => friend.learn(ask))))
    for (const { seq } of friends) records.atLeast(seq)
    const asOfMs = clock.nowMs()
    await settle?.()
    const isWhole = isAllGiven() && !source.isSpreading()
    const record = await records.next(copiedBy(friends))
    if (record === null) return
    const isAll = isWhole && !records.isDeferred
    const give = (friend: NewestFriend): Promise<void> =>
      friend.try(async (ask) => {
        if (!(await friend.bring(ask, record)) || !isAll) return
        friend.asOfMs = asOfMs
        await this.#endReplaced(ask, friend)
      })
    await Promise.all(friends.map(give))
  }

  /** A node that lives after all, and has given something newer, keeps what it has. */
  async #endReplaced(ask: Caller<NewestMethods>, friend: NewestFriend): Promise<void> {
    const { crypto, keys } = this.#options
    if (friend.hasForgotten) return
    for (const { node, seq } of this.#replaced) {
      const end = signNewest(crypto, { node, seq: seq + 1, copies: [], sealed: new Uint8Array(0) }, keys.owner)
      await ask.call('keep', { newest: encodeNewest(end) }).catch((error: unknown) => {
        if (!isHoltError(error, 'ROLLED_BACK') && !isHoltError(error, 'TOO_LARGE')) throw error
      })
    }
    friend.hasForgotten = true
  }

  #friend({ friends, source, records }: Giving, { node }: Friend): NewestFriend {
    const { links, clock, keys } = this.#options
    const known = friends.get(toHex(node))
    if (known) return known
    const friend = new NewestFriend({ links, clock, self: keys.node.publicKey, node, source, recordOf: (sizes) => records.of(sizes) })
    friends.set(toHex(node), friend)
    return friend
  }
}

/** How far each pack is copied: also what friends have from before the last start. */
function copiedBy(friends: readonly NewestFriend[]): Map<PackId, number> {
  const copied = new Map<PackId, number>()
  for (const { sizes } of friends) for (const [pack, sizeBytes] of sizes ?? []) copied.set(pack, Math.max(sizeBytes, copied.get(pack) ?? 0))
  return copied
}
