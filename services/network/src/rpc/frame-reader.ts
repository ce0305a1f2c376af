import { HoltError } from '@holt/core/errors.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { deferred } from '../deferred.ts'
import type { Link } from '../links.ts'
import { decodeFrame, type Frame, LENGTH_BYTES } from './frame.ts'
import type { Timing } from './timing.ts'

const FIRST_BYTES = 64 << 10

export interface FrameReaderOptions {
  clock: Clock
  maxFrameBytes: number
  timing: Timing
  /** Called with a frame's length before any of it is taken: may wait for room. */
  admit?: (lengthBytes: number) => Promise<void>
}

/**
 * Takes frames off a stream. Memory is taken for the beginning first, and for all of a frame when that has come: who claims a length and sends nothing has
 * little of it. It is never more than one frame, its beginning and one piece of the stream, however small the pieces are.
 */
export class FrameReader {
  readonly #link: Link
  readonly #options: FrameReaderOptions
  /** What came and belongs to frames that are not read yet. */
  #rest: Uint8Array = new Uint8Array(0)

  constructor(link: Link, options: FrameReaderOptions) {
    this.#link = link
    this.#options = options
  }

  /**
   * @param idleMs how long the first byte may take.
   * @returns null when the peer writes no more.
   * @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE, TIMED_OUT, PEER_UNREACHABLE.
   */
  async next(idleMs: number): Promise<Frame | null> {
    const first = this.#rest.length > 0 || (await this.#limited(idleMs, 'nothing came', () => this.#fill()))
    if (!first) return null
    const header = await this.#limitedTake(LENGTH_BYTES, 'a frame began and did not go on')
    const length = new DataView(header.buffer, header.byteOffset).getUint32(0)
    if (length === 0) throw new HoltError('MALFORMED', 'a frame without content')
    const { maxFrameBytes, admit } = this.#options
    if (length > maxFrameBytes) throw new HoltError('TOO_LARGE', `a frame of ${length} bytes, ${maxFrameBytes} are allowed`)
    await admit?.(length)
    return decodeFrame(await this.#limitedTake(length, 'a frame did not come to its end'))
  }

  /** What is here already is not waited for. */
  #limitedTake(length: number, what: string): Promise<Uint8Array> {
    if (this.#rest.length >= length) return this.#take(length)
    return this.#limited(this.#options.timing.frameMs, what, () => this.#take(length))
  }

  /** After a wait that was too long nothing more can be read: what comes later would belong to nothing. The other side can still be told. */
  async #limited<T>(ms: number, what: string, wait: () => Promise<T>): Promise<T> {
    const late = deferred<never>()
    const callOff = this.#options.clock.after(ms, () =>
      late.reject(new HoltError('TIMED_OUT', `${what} within ${ms} ms`, { waitedMs: ms })),
    )
    const waiting = wait()
    waiting.catch(() => {})
    try {
      return await Promise.race([waiting, late.promise])
    } finally {
      callOff()
    }
  }

  async #fill(): Promise<boolean> {
    if (this.#rest.length > 0) return true
    const bytes = await this.#link.read()
    if (bytes !== null) this.#rest = bytes
    return bytes !== null
  }

  async #take(length: number): Promise<Uint8Array> {
    let taken = new Uint8Array(Math.min(length, FIRST_BYTES))
    let size = 0
    while (size < length) {
      if (!(await this.#fill())) throw new HoltError('MALFORMED', 'the stream ends within a frame')
      const part = this.#rest.subarray(0, length - size)
      this.#rest = this.#rest.subarray(part.length)
      if (size + part.length > taken.length) taken = enlarged(taken, size, length)
      taken.set(part, size)
      size += part.length
    }
    return taken
  }
}

function enlarged(bytes: Uint8Array, used: number, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(bytes.subarray(0, used))
  return larger
}
