import { HoltError } from '@holt/core/errors.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Link } from '../links.ts'
import { type FrameOut, frameParts } from './frame.ts'
import type { Timing } from './timing.ts'

export interface FrameWriterOptions {
  clock: Clock
  maxFrameBytes: number
  timing: Timing
}

/** Puts frames on a stream, one after the other. A peer that does not read loses the stream. */
export class FrameWriter {
  readonly #link: Link
  readonly #options: FrameWriterOptions
  #last: Promise<void> = Promise.resolve()

  constructor(link: Link, options: FrameWriterOptions) {
    this.#link = link
    this.#options = options
  }

  /**
   * Resolves when the frame is out. Long byte strings in it must not change until then.
   *
   * @throws HoltError TOO_LARGE, before anything is sent; TIMED_OUT, PEER_UNREACHABLE.
   */
  async send(frame: FrameOut): Promise<void> {
    const parts = frameParts(frame, this.#options.maxFrameBytes)
    const sent = this.#last.then(() => this.#write(parts))
    this.#last = sent.catch(() => {})
    await sent
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    const { clock, timing } = this.#options
    const callOff = clock.after(timing.writeMs, () =>
      this.#link.abort(new HoltError('TIMED_OUT', 'the peer does not read', { waitedMs: timing.writeMs })),
    )
    try {
      for (const part of parts) await this.#link.write(part)
    } finally {
      callOff()
    }
  }
}
