import type { Cid } from '@holt/core/cid.ts'

/** The chunks of one file in order, while its ranges are sealed side by side. */
export class RangeQueue implements AsyncIterable<Cid | null> {
  readonly #ranges: Promise<(Cid | null)[]>[] = []
  readonly #onFailure: (error: unknown) => void
  #ended = false
  #wake: () => void = () => {}
  chunkCount = 0

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure
  }

  add(range: Promise<(Cid | null)[]>): void {
    range.catch(this.#onFailure)
    this.#ranges.push(range)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** When nothing uses the file any more. Ends the queue, so that its reader does not wait for ever. */
  async settled(): Promise<void> {
    this.end()
    await Promise.allSettled(this.#ranges)
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Cid | null> {
    for (;;) {
      const range = this.#ranges[0]
      if (range !== undefined) {
        const cids = await range
        void this.#ranges.shift()
        this.chunkCount += cids.length
        yield* cids
      } else if (this.#ended) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
