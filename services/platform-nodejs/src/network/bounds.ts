import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { GuestKind } from '@holt/network/rpc/guests.ts'
import { RateLimit } from '@holt/network/rpc/rate-limit.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import type { ConnectionEncrypter, MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { Heartbeat } from './heartbeat.ts'
import { principalOf } from './peer-ids.ts'
import { type OpenStream, tellOfRoomSeldom } from './window-updates.ts'

/** What one connection may take of this node below its streams' own rules. */
interface ConnectionLimits {
  /** Streams that the other side has open at once, also such as have not said yet what they are for. */
  streams: number
  streamsPerSecond: number
  burst: number
  /** Of one stream, sent and not read yet. */
  windowBytes: number
  /** What waits to be sent to a peer that does not read. */
  unsentBytes: number
}

const limits: Record<GuestKind, ConnectionLimits> = {
  paired: { streams: 64, streamsPerSecond: 100, burst: 400, windowBytes: 4 << 20, unsentBytes: 64 << 20 },
  stranger: { streams: 8, streamsPerSecond: 5, burst: 40, windowBytes: 256 << 10, unsentBytes: 4 << 20 },
}

/** Short words of the multiplexer itself, of which each takes more memory than it has bytes. */
const SHORT_BYTES = 32
const MOST_SHORT_UNSENT = 20_000

type KindOf = (peer: Principal) => GuestKind

/** What the multiplexer has, and libp2p's interface does not tell. */
interface OpenMuxer extends StreamMuxer {
  maxInboundStreams: number
  streamOptions: { maxStreamWindowSize: number; maxReadBufferLength: number }
  incomingStream(id: number): void
  onCreateStream(options: unknown): unknown
  onData(bytes: unknown): void
  ping(): Promise<number>
  _newStream(...of: unknown[]): OpenStream
}

/**
 * Encryption and multiplexing of libp2p with the bounds that it lacks: it buffers without end for who does not read, and takes any number of
 * new streams a second, up to a thousand at once with 16 MiB each.
 */
export class Bounds {
  readonly #kindOf: KindOf
  /** Whose an encrypted connection is. */
  readonly #peers = new WeakMap<object, Principal>()
  readonly #heartbeat = new Heartbeat()

  constructor(kindOf: KindOf) {
    this.#kindOf = kindOf
  }

  readonly encryption = (components: Parameters<ReturnType<typeof noise>>[0]): ConnectionEncrypter => {
    const inner = noise()(components) as ConnectionEncrypter
    const secured = <T extends { connection: MessageStream; remotePeer: { toString(): string } }>(result: T): T => {
      const peer = principalOf(result.remotePeer)
      if (peer === null) throw new HoltError('MALFORMED', 'the key of a peer must be Ed25519')
      this.#peers.set(result.connection, peer)
      result.connection.maxWriteBufferLength = limits[this.#kindOf(peer)].unsentBytes
      limitShortWords(result.connection)
      return result
    }
    return Object.assign(Object.create(inner) as ConnectionEncrypter, {
      secureInbound: async (...call: Parameters<ConnectionEncrypter['secureInbound']>) => secured(await inner.secureInbound(...call)),
      secureOutbound: async (...call: Parameters<ConnectionEncrypter['secureOutbound']>) => secured(await inner.secureOutbound(...call)),
    })
  }

  readonly multiplexing = (): StreamMuxerFactory => {
    const factories = { paired: this.#factory('paired'), stranger: this.#factory('stranger') }
    return Object.assign(Object.create(factories.stranger) as StreamMuxerFactory, {
      createStreamMuxer: (connection: MessageStream) => {
        const peer = this.#peers.get(connection) ?? null
        const muxer = factories[this.#kind(peer)].createStreamMuxer(connection) as OpenMuxer
        this.#watch(muxer, connection, peer)
        this.#keepAlive(muxer, connection)
        const make = muxer._newStream.bind(muxer)
        muxer._newStream = (...of) => {
          const stream = make(...of)
          tellOfRoomSeldom(stream)
          return stream
        }
        return muxer
      },
    })
  }

  #factory(kind: GuestKind): StreamMuxerFactory {
    const { streams, windowBytes } = limits[kind]
    return yamux({
      enableKeepAlive: false, // it asks, and does nothing when no answer comes
      maxInboundStreams: streams,
      streamOptions: { maxStreamWindowSize: windowBytes, maxReadBufferLength: windowBytes + (64 << 10) },
    })() as StreamMuxerFactory
  }

  #kind(peer: Principal | null): GuestKind {
    return peer === null ? 'stranger' : this.#kindOf(peer)
  }

  #keepAlive(muxer: OpenMuxer, connection: MessageStream): void {
    const { heard, ended } = this.#heartbeat.watch({
      // the answer is heard below; there is none when the connection ends meanwhile
      ask: () => void muxer.ping().catch(() => {}),
      end: (why) => connection.abort(why),
    })
    const take = muxer.onData.bind(muxer)
    muxer.onData = (bytes) => {
      heard()
      take(bytes)
    }
    connection.addEventListener('close', ended)
  }

  /** Who opens streams too fast loses the connection; who was a stranger when it began may be paired meanwhile. */
  #watch(muxer: OpenMuxer, connection: MessageStream, peer: Principal | null): void {
    let kind = this.#kind(peer)
    let rate = rateOf(kind)
    const follow = (): void => {
      if (this.#kind(peer) === kind) return
      kind = this.#kind(peer)
      rate = rateOf(kind)
      const { streams, windowBytes, unsentBytes } = limits[kind]
      muxer.maxInboundStreams = streams
      Object.assign(muxer.streamOptions, { maxStreamWindowSize: windowBytes, maxReadBufferLength: windowBytes + (64 << 10) })
      connection.maxWriteBufferLength = unsentBytes
    }
    const [take, make] = [muxer.incomingStream.bind(muxer), muxer.onCreateStream.bind(muxer)]
    muxer.incomingStream = (id) => {
      follow()
      // what is thrown here ends the connection
      if (!rate.tryTake()) throw new HoltError('TOO_MANY_TRIES', 'the peer opens streams too fast')
      take(id)
    }
    muxer.onCreateStream = (options) => {
      follow()
      return make(options)
    }
  }
}

/** Pings and the like are answered; who takes no answers and sends on loses the connection. */
function limitShortWords(connection: MessageStream): void {
  let unsent = 0
  const send = connection.send.bind(connection)
  connection.addEventListener('drain', () => (unsent = 0))
  connection.send = (bytes) => {
    const goesOn = send(bytes)
    if (goesOn) unsent = 0
    else if (bytes.byteLength <= SHORT_BYTES && ++unsent > MOST_SHORT_UNSENT)
      connection.abort(new HoltError('TOO_MANY_TRIES', 'the peer takes no answers'))
    return goesOn
  }
}

function rateOf(kind: GuestKind): RateLimit {
  const { streamsPerSecond, burst } = limits[kind]
  return new RateLimit(systemClock, { perSecond: streamsPerSecond, burst })
}
