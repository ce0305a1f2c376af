// Peers for a node that is looked at while idle: one after the other pairs by the code that comes as a line, and stays.
import { createInterface } from 'node:readline'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { principalFromText } from '@holt/core/principal.ts'
import { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { startLanHost } from '@holt/platform-nodejs/network/lan-host.ts'
import { nodejsCrypto as crypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'

const keyPair = () => {
  const seed = crypto.randomBytes(32)
  return { seed, publicKey: crypto.ed25519PublicKey(seed) }
}

const stay: PeerNetwork[] = []
for await (const line of createInterface(process.stdin)) {
  const { code, at } = JSON.parse(line) as { code: string; at: string }
  const [, address = '', name = ''] = /^(.*)\/p2p\/(\w+)$/.exec(at) ?? []
  const network = await PeerNetwork.start({
    startHost: (options) => startLanHost({ ...options, port: 0, interfaces: ['lo'] }),
    disk: new MemoryDisk(),
    crypto,
    clock,
    keys: { owner: keyPair(), node: keyPair() },
    relationsKey: crypto.randomBytes(32),
    warn: () => {},
  })
  await network.join({ code, name: `peer ${stay.length}`, relation: 'friend', at: [{ peer: principalFromText(name), address }] })
  stay.push(network)
  console.log('paired')
}
process.exit(0)
