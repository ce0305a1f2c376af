import type { DiskFile } from '@holt/core/disk.ts'
import { errorToJson, type HoltErrorJson } from '@holt/core/errors.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'

/** A file as any thread can find it. */
export interface FilePlace {
  /** `Disk.id` */
  disk: string
  path: string
}

export interface FragmentPlace extends FilePlace {
  index: number
}

export interface TargetFailure {
  index: number
  error: HoltErrorJson
}

/**
 * Writes one fragment into an unfinished file. A drive that fails must not end the work for the others: the first error is
 * remembered in `failure`, and nothing more is written.
 */
export class FragmentWriter {
  readonly target: FragmentPlace
  failure: HoltErrorJson | null = null
  readonly #environment: Pick<WorkEnvironment, 'disk'>
  #file: DiskFile | null = null

  constructor(environment: Pick<WorkEnvironment, 'disk'>, target: FragmentPlace) {
    this.#environment = environment
    this.target = target
  }

  open(): Promise<void> {
    return this.#attempt(async () => {
      this.#file = await this.#environment.disk(this.target.disk).open(this.target.path, { create: 'always', bulk: true })
      await this.#file?.truncate(0)
    })
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    return this.#attempt(() => this.#file?.write(offset, bytes))
  }

  /** Appends the tail; the content is durable after this unless `failure` is set. */
  async finish(offset: number, tail: Uint8Array): Promise<void> {
    await this.write(offset, tail)
    await this.#attempt(() => this.#file?.sync())
    await this.#close()
    if (this.failure !== null) await this.discard()
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await this.#close()
    await this.#environment
      .disk(this.target.disk)
      .remove(this.target.path)
      .catch(() => {}) // what is left is removed at the next start
  }

  async #close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await this.#attempt(() => file?.close())
  }

  async #attempt(action: () => Promise<void> | undefined): Promise<void> {
    if (this.failure !== null) return
    try {
      await action()
    } catch (error) {
      this.failure = errorToJson(error)
      const file = this.#file
      this.#file = null
      await file?.close().catch(() => {})
    }
  }
}

export function failuresOf(writers: readonly FragmentWriter[]): TargetFailure[] {
  return writers.flatMap(({ target, failure }) => (failure === null ? [] : [{ index: target.index, error: failure }]))
}
