import '../polyfills.ts'
import { concatBytes } from '@holt/core/bytes.ts'
import { decode } from '@holt/core/codec.ts'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { peerIdOf } from '../peer-ids.ts'

/** What came on a stream until it ended. */
export interface Heard {
  frames: Record<string, unknown>[]
  /** The other end finished it in order; else it was reset. */
  finished: boolean
}

const LONGEST_MS = 60_000

/** Speaks libp2p without any of Holt's code above it, and keeps none of its rules. */
export class HostilePeer {
  readonly #host: Libp2p
  readonly #target: Uint8Array

  private constructor(host: Libp2p, target: Uint8Array) {
    this.#host = host
    this.#target = target
  }

  static async start(seed: Uint8Array, target: { self: Uint8Array; addresses: readonly string[] }): Promise<HostilePeer> {
    const host = await createLibp2p({
      privateKey: await generateKeyPairFromSeed('Ed25519', seed),
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux({ maxOutboundStreams: 100_000, streamOptions: { maxStreamWindowSize: 16 << 20 } })],
      services: { identify: identify() },
    })
    await host.peerStore.merge(peerIdOf(target.self), { multiaddrs: target.addresses.map((one) => multiaddr(one)) })
    return new HostilePeer(host, target.self)
  }

  /** A connection; the one there is, unless another is wanted. Tries again: who comes too often has to wait. */
  async connect({ another = false } = {}): Promise<Connection> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#host.dial(peerIdOf(this.#target), { force: another })
      } catch (error) {
        if (tries === 20) throw error
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }

  /** What it says that it speaks. */
  async protocols(): Promise<string[]> {
    await this.connect()
    for (;;) {
      const { protocols } = await this.#host.peerStore.get(peerIdOf(this.#target))
      if (protocols.some((one) => one.startsWith('/holt/'))) return protocols
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async open(protocol: string): Promise<Stream> {
    const connection = await this.connect()
    return connection.newStream(protocol, { maxOutboundStreams: 100_000, signal: AbortSignal.timeout(LONGEST_MS) })
  }

  /** Says all of it on one stream, and finishes when told to; then listens to its end, or to so many frames. */
  async say(protocol: string, parts: readonly Uint8Array[], { finish = false, frames = Infinity } = {}): Promise<Heard> {
    const stream = await this.open(protocol)
    const heard = listen(stream, frames)
    for (const part of parts) if (stream.status === 'open' && !stream.send(part)) await stream.onDrain().catch(() => {})
    if (finish) await stream.close().catch(() => {})
    await heard
    stream.abort(new Error('heard enough'))
    return heard
  }

  async stop(): Promise<void> {
    await this.#host.stop()
  }

  get connected(): boolean {
    return this.#host.getConnections(peerIdOf(this.#target)).length > 0
  }
}

/** To the end of a stream, within a bound. */
export function listen(stream: Stream, enough = Infinity): Promise<Heard> {
  const parts: Uint8Array[] = []
  return new Promise((resolve, reject) => {
    stream.addEventListener('message', ({ data }) => {
      parts.push(data.subarray())
      if (framesOf(concatBytes(parts)).length >= enough) end(true)()
    })
    const timer = setTimeout(() => reject(new Error('the stream did not end')), LONGEST_MS)
    const end = (finished: boolean) => (): void => {
      clearTimeout(timer)
      // what came before the end is dispatched first
      setTimeout(() => resolve({ frames: framesOf(concatBytes(parts)), finished }), 10)
    }
    stream.addEventListener('remoteCloseWrite', end(true))
    stream.addEventListener('close', end(false))
  })
}

function framesOf(bytes: Uint8Array): Record<string, unknown>[] {
  const frames: Record<string, unknown>[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint32(at)
    if (at + 4 + length > bytes.length) break
    frames.push(decode(bytes.subarray(at + 4, at + 4 + length)) as Record<string, unknown>)
    at += 4 + length
  }
  return frames
}
