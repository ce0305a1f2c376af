// A node for others to attack: paired with `friend` and with `hostile`, on loopback. Argument: how many times faster its time limits run.
import { toHex } from '@holt/core/bytes.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { type Clock, systemClock } from '@holt/store/fragments/clock.ts'
import { nodejsCrypto as crypto } from '../../nodejs-crypto.ts'
import { startLanHost } from '../lan-host.ts'
import { people, relationBetween } from './people.ts'

const faster = Number(process.argv[2] ?? 1)
const clock: Clock = { nowMs: systemClock.nowMs, after: (delayMs, action) => systemClock.after(delayMs / faster, action) }
const nothingSpread = {
  owner: people.attacked.owner.publicKey,
  spreads: () => [],
  available: () => [],
  isFetching: () => false,
  readShard: async () => null,
}
const network = await PeerNetwork.start({
  startHost: (options) => startLanHost({ ...options, port: 0, interfaces: ['lo'] }),
  disk: new MemoryDisk(),
  crypto,
  clock,
  keys: people.attacked,
  fragments: { source: nothingSpread, heldDisk: new MemoryDisk() },
  relationsKey: new Uint8Array(32).fill(1),
  warn: (text) => console.error(text),
})
for (const other of ['friend', 'hostile'] as const) await network.relations.add(relationBetween(crypto, 'attacked', other))
const addresses = network.host.addresses().filter((address) => address.includes('/ip4/'))
console.log(JSON.stringify({ self: toHex(network.host.self), addresses }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
