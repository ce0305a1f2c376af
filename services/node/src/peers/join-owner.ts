import { toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Host } from '@holt/network/host.ts'
import { openNodeKey } from '@holt/network/node-key.ts'
import { joinAsGuest } from '@holt/network/pairing/joining-guest.ts'
import { locatorOf, readPairingCode } from '@holt/network/pairing/pairing-code.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import type { NodePlatform } from '../platform.ts'
import { placeOf, readCodeOrLink } from './peer-info.ts'

export interface JoinedOwner {
  rootKey: Uint8Array
  /** By which node, and where it was. */
  host: { peer: Principal; address: string } | null
}

interface JoinOptions {
  code: string
  at: readonly string[]
  signal?: AbortSignal
}

const LOOK_MS = 15_000
const LOOK_EVERY_MS = 200
const MOST_CANDIDATES = 3

/**
 * Gets the root key from a node that shows a code, before this one is anybody's: with a host of its own, that ends with it.
 *
 * @throws HoltError NOT_FOUND when no node is found that can be meant; DEPENDENCY_MISSING without a way to others; of `joinAsGuest`.
 */
export async function joinOwner(platform: NodePlatform, { code: typed, at, signal }: JoinOptions): Promise<JoinedOwner> {
  const { startHost, data, crypto, log } = platform
  if (!startHost) throw new HoltError('DEPENDENCY_MISSING', 'this node was started without a way to others')
  const { code: text, at: places } = readCodeOrLink(typed)
  const code = readPairingCode(text)
  const named = [...at, ...places].map(placeOf)
  const nearby = new Map<string, { peer: Principal; addresses: readonly string[] }>()
  const onFound = (peer: Principal, addresses: readonly string[]): void => {
    if (locatorOf(peer) === code.locator && nearby.size < MOST_CANDIDATES) nearby.set(toHex(peer), { peer, addresses })
  }
  const host = await startHost({
    seed: await openNodeKey(data, crypto),
    onFound,
    kindOf: () => 'stranger',
    reach: null,
    warn: (line) => log('warn', line),
  })
  try {
    const found = named.length > 0 ? byPeer(named) : await look(nearby, signal)
    return await joinOne(host, { found, platform, code, ...(signal ? { signal } : {}) })
  } finally {
    await host.stop()
  }
}

type Found = { peer: Principal; addresses: readonly string[] }

/** A try at one node is spent once, however many addresses it has. */
function byPeer(places: readonly { peer: Principal; address: string }[]): Found[] {
  const found = new Map<string, { peer: Principal; addresses: string[] }>()
  for (const { peer, address } of places) {
    const known = found.get(toHex(peer)) ?? { peer, addresses: [] }
    known.addresses.push(address)
    found.set(toHex(peer), known)
  }
  return [...found.values()]
}

async function look(nearby: ReadonlyMap<string, Found>, signal?: AbortSignal): Promise<Found[]> {
  for (let waitedMs = 0; nearby.size === 0 && waitedMs < LOOK_MS && signal?.aborted !== true; waitedMs += LOOK_EVERY_MS)
    await new Promise<void>((resolve) => void systemClock.after(LOOK_EVERY_MS, resolve))
  return [...nearby.values()]
}

async function joinOne(
  host: Host,
  {
    found,
    platform,
    code,
    signal,
  }: { found: Found[]; platform: NodePlatform; code: ReturnType<typeof readPairingCode>; signal?: AbortSignal },
): Promise<JoinedOwner> {
  let failure: unknown = new HoltError('NOT_FOUND', 'no node that can be meant is nearby: is the code right, and are both on one network?')
  for (const { peer, addresses } of found) {
    await host.learn(peer, addresses)
    try {
      const options = { links: host, clock: systemClock, crypto: platform.crypto }
      const rootKey = await joinAsGuest(options, { code, host: peer, ...(signal ? { signal } : {}) })
      const [address] = addresses
      return { rootKey, host: address === undefined ? null : { peer, address } }
    } catch (error) {
      if (!isHoltError(error) || signal?.aborted === true) throw error
      failure = error
    }
  }
  throw failure
}
