import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError, toHoltError } from '@holt/core/errors.ts'
import { readTwice, removeTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { arrayOf, bytesOf, literal, parse, record, version } from '@holt/core/shape.ts'
import type { Friend } from '@holt/network/fragments/fragments-giver.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { goOnGiving } from '@holt/network/recovery/recovery.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'

const FILE = 'late-friends'
/** Who has more friends than this is not in need of those beyond. */
const MOST = 1024
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 3_600_000
const shape = record({
  v: version(1),
  kind: literal('late-friends'),
  nodes: arrayOf(record({ owner: bytesOf(32), node: bytesOf(32) }), { min: 1, max: MOST }),
})

export function encodeLateFriends(nodes: readonly Friend[]): Uint8Array {
  return encode({ v: 1, kind: 'late-friends', nodes: nodes.slice(0, MOST).map(({ owner, node }) => ({ owner, node })) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeLateFriends(content: Uint8Array): Friend[] {
  const { nodes } = parse(shape, content, { maxBytes: 128 * MOST })
  return nodes.map(({ owner, node }) => ({ owner: owner.slice(), node: node.slice() }))
}

/** Durable when it resolves; takes the place of those of a recovery before. */
export async function keepLateFriends(disk: Disk, nodes: readonly Friend[]): Promise<void> {
  if (nodes.length > 0) await writeTwice(disk, FILE, encodeLateFriends(nodes))
  else await removeTwice(disk, FILE)
}

export interface LateFriendsOptions {
  disk: Disk
  network: PeerNetwork
  keeper: Pick<DriveKeeper, 'believe'>
  clock: Clock
  warn: (text: string) => void
}

/**
 * Friends who were away, or said nothing, when the tree was recovered: they are asked until they have said what they keep, over all restarts. What
 * friends have is believed to be this node's in a recovery only, so nobody but this asks for it later.
 */
export class LateFriends {
  readonly #options: LateFriendsOptions
  /** Null while it asks, and when nobody is late. */
  #callOff: (() => void) | null = null
  #unfollow: () => void = () => {}
  #trying: Promise<void> = Promise.resolve()
  #late: readonly Friend[] = []
  #waitMs = FIRST_WAIT_MS
  #stopped = false

  constructor(options: LateFriendsOptions) {
    this.#options = options
  }

  start(): void {
    this.#unfollow = this.#options.network.whenMet((node) => this.#met(node))
    this.#trying = this.#try()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#unfollow()
    this.#callOff?.()
    await this.#trying
  }

  #met(node: Principal): void {
    if (this.#callOff === null || !this.#late.some((friend) => equalBytes(friend.node, node))) return
    this.#callOff()
    this.#again()
  }

  #again(): void {
    this.#callOff = null
    this.#trying = this.#try()
  }

  /** Never throws. */
  async #try(): Promise<void> {
    const { disk, network, clock, warn } = this.#options
    try {
      const late = await readLate(disk)
      const known = new Set(network.friends().map(({ node }) => toHex(node)))
      const left: Friend[] = []
      for (const friend of late) if (known.has(toHex(friend.node)) && (this.#stopped || !(await this.#hear(friend)))) left.push(friend)
      if (left.length < late.length) {
        await keepLateFriends(disk, left)
        this.#waitMs = FIRST_WAIT_MS
      }
      this.#late = left
      if (left.length === 0) return
    } catch (error) {
      warn(`friends who were away when the tree was recovered cannot be asked: ${toHoltError(error).message}`)
    }
    if (this.#stopped) return
    this.#callOff = clock.after(this.#waitMs, () => this.#again())
    this.#waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.#waitMs)
  }

  /** @returns false when it is to be asked again. */
  async #hear(friend: Friend): Promise<boolean> {
    const { network, keeper } = this.#options
    const { fragments } = network
    if (fragments === null) return false
    try {
      const given = await fragments.learn(friend)
      const packs = new Set(given.map(({ spread }) => spread.id))
      await keeper.believe([...packs].flatMap((id) => fragments.reading.spreads(id)[0] ?? []))
      if (given.length > 0) await goOnGiving(network, friend)
      return true
    } catch (error) {
      if (!isHoltError(error)) throw error
      return false
    }
  }
}

/** A damaged one is as none, for all of it can be had by recovering anew. */
async function readLate(disk: Disk): Promise<Friend[]> {
  try {
    const file = await readTwice(disk, FILE)
    return file === null ? [] : decodeLateFriends(file.content)
  } catch (error) {
    if (isHoltError(error) && ['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'].includes(error.code)) return []
    throw error
  }
}
