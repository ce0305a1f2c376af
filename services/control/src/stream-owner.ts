import { HoltError } from '@holt/core/errors.ts'
import type { CallOptions, Control, MethodName, Params, Result } from './schema.ts'

/** The streams one client has opened: nobody else may use them, and none outlives the client. */
export class StreamOwner implements Control {
  readonly #control: Control
  readonly #streams = new Set<number>()
  #gone = false

  constructor(control: Control) {
    this.#control = control
  }

  async call<Name extends MethodName>(name: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>> {
    if ('stream' in params && !this.#streams.has(params.stream as number)) {
      throw new HoltError('NOT_FOUND', `there is no open stream ${String(params.stream)}`, { stream: params.stream as number })
    }
    if (name === 'stream.close') this.#streams.delete((params as Params<'stream.close'>).stream)
    const result = await this.#control.call(name, params, options)
    if (name === 'files.openRead' || name === 'files.openWrite') await this.#own((result as Result<'files.openWrite'>).stream)
    return result
  }

  /** What was being written and not closed does not come into being. */
  async discardAll(): Promise<void> {
    this.#gone = true
    const streams = [...this.#streams]
    this.#streams.clear()
    await Promise.all(streams.map((stream) => this.#discard(stream)))
  }

  async #own(stream: number): Promise<void> {
    if (this.#gone) await this.#discard(stream)
    else this.#streams.add(stream)
  }

  async #discard(stream: number): Promise<void> {
    // The node may have dropped it already; there is nobody left to tell.
    await this.#control.call('stream.close', { stream, discard: true }).catch(() => {})
  }
}
