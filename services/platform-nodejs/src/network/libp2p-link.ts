import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { type Deferred, deferred } from '@holt/network/deferred.ts'
import type { Link } from '@holt/network/links.ts'
import type { Stream } from '@libp2p/interface'

/** What came and was not read: above the first the stream is told to wait, below the second to go on. */
const HIGH_BYTES = 256 << 10
const LOW_BYTES = 64 << 10
const CLOSE_MS = 10_000

/** A libp2p stream as a link. */
export class Libp2pLink implements Link {
  readonly peer: Principal
  readonly #stream: Stream
  readonly #unread: Uint8Array[] = []
  #unreadBytes = 0
  #paused = false
  /** The peer said that it writes no more. A stream that ends without that is broken. */
  #finished = false
  #ended = false
  #error: Error | null = null
  #reader: Deferred<Uint8Array | null> | null = null

  constructor(stream: Stream, peer: Principal) {
    this.#stream = stream
    this.peer = peer
    // requests have times of their own
    stream.inactivityTimeout = 2 ** 31 - 1
    stream.addEventListener('remoteCloseWrite', () => (this.#finished = true))
    stream.addEventListener('end', () => this.#end())
    stream.addEventListener('close', (event) => this.#closed(event.error))
    // as they lie: joining them would copy all that comes
    stream.addEventListener('message', ({ data }) => {
      if (data instanceof Uint8Array) this.#take(data)
      else for (const bytes of data) this.#take(bytes)
    })
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#reader) throw new TypeError('one read at a time')
    const next = this.#unread.shift()
    if (next) {
      this.#unreadBytes -= next.length
      this.#goOn()
      return next
    }
    if (this.#error) throw this.#error
    if (this.#ended) return null
    this.#reader = deferred()
    return this.#reader.promise
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#error) throw this.#error
    try {
      if (!this.#stream.send(bytes)) await this.#stream.onDrain()
    } catch (cause) {
      throw this.#error ?? new HoltError('PEER_UNREACHABLE', 'the stream broke', {}, { cause })
    }
  }

  async close(): Promise<void> {
    await this.#stream.close({ signal: AbortSignal.timeout(CLOSE_MS) }).catch(() => {})
  }

  abort(error: Error): void {
    this.#fail(error)
    this.#stream.abort(error)
  }

  #take(bytes: Uint8Array): void {
    if (this.#error || bytes.length === 0) return
    if (this.#reader) return this.#answer(bytes)
    this.#unread.push(bytes)
    this.#unreadBytes += bytes.length
    if (this.#paused || this.#unreadBytes < HIGH_BYTES || this.#stream.status !== 'open') return
    this.#paused = true
    this.#stream.pause()
  }

  #goOn(): void {
    if (!this.#paused || this.#unreadBytes > LOW_BYTES || this.#stream.status !== 'open') return
    this.#paused = false
    this.#stream.resume()
  }

  #end(): void {
    if (!this.#finished || this.#stream.status === 'aborted' || this.#stream.status === 'reset') return
    this.#ended = true
    this.#answer(null)
  }

  #closed(cause?: Error): void {
    if (!this.#ended) this.#fail(new HoltError('PEER_UNREACHABLE', 'the stream broke', {}, { cause }))
  }

  #answer(value: Uint8Array | null): void {
    const reader = this.#reader
    this.#reader = null
    reader?.resolve(value)
  }

  #fail(error: Error): void {
    if (this.#error) return
    this.#error = error
    this.#unread.length = this.#unreadBytes = 0
    this.#reader?.reject(error)
    this.#reader = null
  }
}
