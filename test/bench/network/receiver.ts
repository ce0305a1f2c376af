// The far end of the bench of what goes between two processes: takes bytes on a bare libp2p stream and by Holt's requests, and keeps fragments.
import { toHex } from '@holt/core/bytes.ts'
import { bytes, record, uint } from '@holt/core/shape.ts'
import { FragmentsHolder } from '@holt/network/fragments/fragments-holder.ts'
import { fragmentsProtocol } from '@holt/network/fragments/fragments-protocol.ts'
import { defineProtocol } from '@holt/network/rpc/protocol.ts'
import { Guests, guestLimits } from '@holt/network/rpc/guests.ts'
import { serve } from '@holt/network/rpc/responder.ts'
import { startLibp2pLinks } from '@holt/platform-nodejs/network/libp2p-links.ts'
import { nodejsCrypto as crypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { NodejsDisk } from '@holt/platform-nodejs/nodejs-disk.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import { bareHost } from './bare-host.ts'
import { BARE } from './bare-streams.ts'

export const PIECE_BYTES = 1 << 20
export const benchProtocol = defineProtocol({
  id: '/holt/bench/1',
  methods: {
    put: { request: record({ bytes: bytes({ max: PIECE_BYTES }) }), answer: record({}) },
    ask: { request: record({ number: uint() }), answer: record({ number: uint() }) },
  },
  maxFrameBytes: PIECE_BYTES + 4096,
  maxOpenRequests: 64,
})

/** Both ends know these keys: who is who is not what is measured. */
export function keysOf(seed: number) {
  const pair = (number: number) => {
    const one = new Uint8Array(32).fill(number)
    return { seed: one, publicKey: crypto.ed25519PublicKey(one) }
  }
  return { owner: pair(seed + 100), node: pair(seed) }
}
export const [RECEIVER, SENDER] = [keysOf(1), keysOf(2)]

async function run(folder: string): Promise<void> {
  const bare = await bareHost(['/ip4/127.0.0.1/tcp/0'])
  await bare.handle(BARE, (stream) => {
    stream.addEventListener('message', () => {})
    stream.addEventListener('remoteCloseWrite', () => void stream.close())
  })
  const holt = await startLibp2pLinks({ seed: RECEIVER.node.seed, listen: ['/ip4/127.0.0.1/tcp/0'], kindOf: () => 'paired' })
  // the limit of a friend's requests a second is no measure of what they cost
  const paired = { ...guestLimits.paired, framesPerSecond: 1e6, burst: 1e6, memoryBytes: 128 << 20 }
  const many = new Guests(clock, { kindOf: () => 'paired', limits: { ...guestLimits, paired } })
  serve(holt, benchProtocol, { put: () => ({}), ask: (_peer, request) => request }, { clock, guests: many })
  // as in a node, with a node's limits
  const holder = await FragmentsHolder.open({
    disk: new NodejsDisk(folder),
    crypto,
    clock,
    keys: RECEIVER,
    ownerOf: () => SENDER.owner.publicKey,
    mostBytes: () => 2 ** 40,
    warn: (text) => console.error(text),
  })
  serve(holt, fragmentsProtocol, holder.handlers(), { clock, guests: new Guests(clock, { kindOf: () => 'paired' }) })
  console.log(JSON.stringify({ bare: bare.getMultiaddrs().map(String), self: toHex(holt.self), addresses: holt.addresses() }))
  process.stdin.resume()
  process.stdin.on('end', () => process.exit(0))
}

const [, file, folder] = process.argv
if (file === import.meta.filename && folder !== undefined) await run(folder)
