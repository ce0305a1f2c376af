import { createBlake3 } from '@holt/core/blake3.ts'
import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import type { Links } from '../links.ts'
import type { Caller } from '../rpc/caller.ts'
import { withCaller } from '../rpc/with-caller.ts'
import { COPY_PIECE_BYTES, type NewestMethods, newestProtocol } from './newest-protocol.ts'
import { decodeNewest, type NewestRecord, type PackCopy, verifyNewest } from './newest-record.ts'

export interface NewestFinderOptions {
  links: Links
  clock: Clock
  crypto: Crypto
  /** Who has lost everything. */
  owner: Principal
}

/** The newest state of one node that anybody showed, and who showed the same. */
export interface Found {
  record: NewestRecord
  friends: Friend[]
}

/** Where a copy is written. */
export interface Target {
  disk: Disk
  path: string
  signal?: AbortSignal
}

interface Wanted {
  copy: PackCopy
  node: Principal
  withinMs: number
}

const LIST_MS = 20_000
/** A friend has so long for any copy, and longer for a long one, before another is asked. */
const HASTE_MS = 10_000
const BYTES_A_MS = 1000
const PIECES_AT_ONCE = 4
/** Who does not give a piece within this is passed over. */
const READ_MS = 15_000

/** Finds the newest state that friends keep. Nobody is believed: records are signed, and copies have the digest that the record names. */
export class NewestFinder {
  readonly #options: NewestFinderOptions
  /** By node, the newest first. */
  readonly #found = new Map<string, Found[]>()

  constructor(options: NewestFinderOptions) {
    this.#options = options
  }

  /** Asks one friend. @returns the records that are valid. @throws HoltError of the way to it. */
  async ask(friend: Friend): Promise<NewestRecord[]> {
    const { newest } = await this.#with(friend, (ask) => ask.call('list', {}, { withinMs: LIST_MS }))
    const valid = newest.flatMap((bytes) => this.#believe(bytes) ?? [])
    for (const record of valid) this.#add(record, friend)
    return valid
  }

  /** Of each node the states that were shown, the newest first: an older one is of use only where no newer one can be had. */
  states(): Found[][] {
    return [...this.#found.values()]
  }

  /**
   * Writes a copy into a file, from the first friend that gives it as it was signed. Durable when it resolves.
   *
   * @returns false when none does.
   */
  async fetch(copy: PackCopy, { record, friends }: Found, target: Target): Promise<boolean> {
    // who has a newer state has the same beginning of the pack
    const others = (this.#found.get(toHex(record.node)) ?? []).flatMap((found) => found.friends)
    const wanted = { copy, node: record.node }
    // who is slow is passed over until all were asked
    for (const patience of [1, 8, 64])
      for (const friend of new Set([...friends, ...others])) {
        const outcome = await this.#tryFrom(friend, { ...wanted, withinMs: patience * (HASTE_MS + copy.sizeBytes / BYTES_A_MS) }, target)
        if (outcome === 'right') return true
      }
    return false
  }

  /** @throws HoltError CANCELLED; of this node's own disk. */
  async #tryFrom(friend: Friend, wanted: Wanted, target: Target): Promise<'right' | 'not right'> {
    const limit = new AbortController()
    const cancel = (): void => limit.abort()
    const callOff = this.#options.clock.after(wanted.withinMs, cancel)
    target.signal?.addEventListener('abort', cancel, { once: true })
    try {
      if (target.signal?.aborted === true) cancel()
      return (await this.#fetchFrom(friend, wanted, { ...target, signal: limit.signal })) ? 'right' : 'not right'
    } catch (error) {
      if (target.signal?.aborted === true || !isHoltError(error) || OURS.has(error.code)) throw error
      return 'not right'
    } finally {
      callOff()
      target.signal?.removeEventListener('abort', cancel)
    }
  }

  async #fetchFrom(friend: Friend, { copy, node }: Wanted, { disk, path, signal }: Target): Promise<boolean> {
    const file = await disk.open(path, { create: 'always' })
    if (file === null) throw new TypeError('a disk must open what it was told to create')
    const hash = createBlake3()
    try {
      await file.truncate(0)
      await this.#with(friend, async (ask) => {
        for await (const { offset, bytes } of piecesOf(ask, { copy, node }, signal)) {
          hash.update(bytes)
          await file.write(offset, bytes)
        }
      })
      if (!equalBytes(hash.digest(), copy.digest)) return false
      await file.sync()
      return true
    } finally {
      await file.close()
    }
  }

  #believe(bytes: Uint8Array): NewestRecord | null {
    try {
      const record = decodeNewest(bytes)
      verifyNewest(this.#options.crypto, record)
      return equalBytes(record.giver, this.#options.owner) ? record : null
    } catch (error) {
      if (isHoltError(error)) return null
      throw error
    }
  }

  #add(record: NewestRecord, friend: Friend): void {
    const node = toHex(record.node)
    const known = this.#found.get(node) ?? []
    const same = known.find((found) => found.record.seq === record.seq && equalBytes(found.record.signature, record.signature))
    if (same === undefined) known.push({ record, friends: [friend] })
    else if (!same.friends.some((other) => equalBytes(other.node, friend.node))) same.friends.push(friend)
    this.#found.set(
      node,
      known.sort((a, b) => b.record.seq - a.record.seq),
    )
  }

  async #with<T>(friend: Friend, work: (ask: Caller<NewestMethods>) => Promise<T>): Promise<T> {
    const { links, clock } = this.#options
    return withCaller(links, { node: friend.node, protocol: newestProtocol, clock }, work)
  }
}

/** A copy piece by piece, in order; some are asked for ahead. @throws HoltError of the friend, or of the way to it. */
async function* piecesOf(
  ask: Caller<NewestMethods>,
  { copy, node }: Pick<Wanted, 'copy' | 'node'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ offset: number; bytes: Uint8Array }> {
  const pack = fromHex(copy.pack) as Uint8Array
  const options = { withinMs: READ_MS, ...(signal ? { signal } : {}) }
  const underWay: { offset: number; length: number; answer: Promise<{ bytes: Uint8Array }> }[] = []
  for (let next = 0; next < copy.sizeBytes || underWay.length > 0; ) {
    for (; next < copy.sizeBytes && underWay.length < PIECES_AT_ONCE; next += COPY_PIECE_BYTES) {
      const length = Math.min(COPY_PIECE_BYTES, copy.sizeBytes - next)
      const answer = ask.call('read', { node, pack, offset: next, length }, options)
      answer.catch(() => {}) // it is looked at in its turn, or not any more
      underWay.push({ offset: next, length, answer })
    }
    const { offset, length, answer } = underWay.shift() as (typeof underWay)[number]
    const { bytes } = await answer
    if (bytes.length !== length) throw new HoltError('BLOCK_NOT_FOUND', 'the copy ends before it should')
    yield { offset, bytes }
  }
}

/** Faults of this node's own disk. */
const OURS = new Set<string>(['DISK_FULL', 'IO_FAILED', 'INTERNAL'])
