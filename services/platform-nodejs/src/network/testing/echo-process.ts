// A node of its own for tests: prints who and where it is, then echoes until its input ends.
import { toHex } from '@holt/core/bytes.ts'
import { bytes, record, uint } from '@holt/core/shape.ts'
import { Guests } from '@holt/network/rpc/guests.ts'
import { defineProtocol } from '@holt/network/rpc/protocol.ts'
import { serve } from '@holt/network/rpc/responder.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import { startLibp2pLinks } from '../libp2p-links.ts'

const echo = record({ number: uint(), pad: bytes({ max: 1 << 20 }) })
const protocol = defineProtocol({
  id: '/holt/echo/1',
  methods: { echo: { request: echo, answer: echo }, wait: { request: uint(), answer: uint() } },
  maxFrameBytes: (1 << 20) + 4096,
  maxOpenRequests: 8,
})

const links = await startLibp2pLinks({ seed: new Uint8Array(32).fill(77), listen: ['/ip4/127.0.0.1/tcp/0'] })
const wait = (_peer: Uint8Array, _request: number, { signal }: { signal: AbortSignal }) =>
  new Promise<number>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
serve(links, protocol, { echo: (_peer, request) => request, wait }, { clock, guests: new Guests(clock, { kindOf: () => 'paired' }) })
console.log(JSON.stringify({ self: toHex(links.self), addresses: links.addresses() }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
