// The far end of the throughput bench: takes bytes on a bare libp2p stream and by Holt's requests, each on a host of its own.
import { bytes, record, uint } from '@holt/core/shape.ts'
import { toHex } from '@holt/core/bytes.ts'
import { defineProtocol } from '@holt/network/rpc/protocol.ts'
import { Guests, guestLimits } from '@holt/network/rpc/guests.ts'
import { serve } from '@holt/network/rpc/responder.ts'
import { startLibp2pLinks } from '@holt/platform-nodejs/network/libp2p-links.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import { bareHost } from './bare-host.ts'

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
export const BARE = '/bare/1'

async function run(): Promise<void> {
  const bare = await bareHost(['/ip4/127.0.0.1/tcp/0'])
  await bare.handle(BARE, (stream) => {
    stream.addEventListener('message', () => {})
    stream.addEventListener('remoteCloseWrite', () => void stream.close())
  })
  const holt = await startLibp2pLinks({ seed: new Uint8Array(32).fill(1), listen: ['/ip4/127.0.0.1/tcp/0'], kindOf: () => 'paired' })
  // the limit of a friend's requests a second is no measure of what they cost
  const paired = { ...guestLimits.paired, framesPerSecond: 1e6, burst: 1e6, memoryBytes: 128 << 20 }
  const guests = new Guests(clock, { kindOf: () => 'paired', limits: { ...guestLimits, paired } })
  serve(holt, benchProtocol, { put: () => ({}), ask: (_peer, request) => request }, { clock, guests })
  console.log(JSON.stringify({ bare: bare.getMultiaddrs().map(String), self: toHex(holt.self), addresses: holt.addresses() }))
  process.stdin.resume()
  process.stdin.on('end', () => process.exit(0))
}

if (process.argv[2] === 'run') await run()
