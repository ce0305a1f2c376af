import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { readTwice, removeTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { bytesOf, literal, parse, record, text, version } from '@holt/core/shape.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'

/** The node of the owner by which this one joined, and where it was. */
export interface FirstPlace {
  owner: Principal
  peer: Principal
  address: string
}

const FILE = 'first-meeting'
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000
const placeShape = record({
  v: version(1),
  kind: literal('first-meeting'),
  owner: bytesOf(32),
  node: bytesOf(32),
  address: text({ maxBytes: 512 }),
})

export function encodeFirstPlace({ owner, peer, address }: FirstPlace): Uint8Array {
  return encode({ v: 1, kind: 'first-meeting', owner, node: peer, address })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeFirstPlace(content: Uint8Array): FirstPlace {
  const { owner, node, address } = parse(placeShape, content, { maxBytes: 1024 })
  return { owner: owner.slice(), peer: node.slice(), address }
}

/** Durable when it resolves. To be written before the node is anybody's: nothing else says where its owner's other nodes are. */
export async function keepFirstPlace(disk: Disk, place: FirstPlace): Promise<void> {
  await writeTwice(disk, FILE, encodeFirstPlace(place))
}

/** Two nodes of one owner that have not met know nothing of each other: who joined tries until they have, over all restarts. */
export class FirstMeeting {
  readonly #disk: Disk
  readonly #network: PeerNetwork
  #timer: ReturnType<typeof setTimeout> | null = null
  #trying: Promise<void> = Promise.resolve()
  #waitMs = FIRST_WAIT_MS
  #stopped = false

  constructor(disk: Disk, network: PeerNetwork) {
    this.#disk = disk
    this.#network = network
  }

  start(): void {
    this.#trying = this.#try()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#trying
  }

  /** Never throws. */
  async #try(): Promise<void> {
    try {
      const place = await readPlace(this.#disk)
      if (place === null) return
      // of another owner: this node was set up otherwise after all
      if (equalBytes(place.owner, this.#network.owner)) await this.#network.meetAt(place, this.#network.owner)
      await removeTwice(this.#disk, FILE)
    } catch {
      this.#later()
    }
  }

  #later(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => this.start(), this.#waitMs)
    this.#timer.unref()
    this.#waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.#waitMs)
  }
}

/** A damaged one is as none: a place that is lost is found again by pairing. */
async function readPlace(disk: Disk): Promise<FirstPlace | null> {
  try {
    const file = await readTwice(disk, FILE)
    return file === null ? null : decodeFirstPlace(file.content)
  } catch (error) {
    if (isHoltError(error) && ['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'].includes(error.code)) return null
    throw error
  }
}
