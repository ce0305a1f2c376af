import type { HoltError } from '@holt/core/errors.ts'
import type { Delivery, Sandbox, StoreChange, StoreEntry, Vat, VatOptions } from '@holt/sandbox/types.ts'
import type { Keeping, KeptChanges } from '../program-runner.ts'

export type Handler = (name: string, store: Map<string, Uint8Array>, options: VatOptions, body: Uint8Array) => Promise<string> | string

/** Runs functions of the test as if they were programs: a vat has a copy of the store, and tells what changed. */
export class FakeSandbox implements Sandbox {
  opened = 0
  open = 0
  readonly #handler: Handler
  failsToOpen: HoltError | null = null

  constructor(handler: Handler) {
    this.#handler = handler
  }

  prepare(): Promise<never> {
    throw new Error('not asked for')
  }

  async stop(): Promise<void> {}

  async openVat(options: VatOptions): Promise<Vat> {
    this.opened++
    if (this.failsToOpen !== null) throw this.failsToOpen
    this.open++
    let store = new Map((options.store ?? []).map(({ key, value }) => [key, value]))
    let alive = true
    let over: (end: { code: 'ENDED'; message: string }) => void = () => {}
    const ended = new Promise<{ code: 'ENDED'; message: string }>((resolve) => (over = resolve))
    return {
      get alive() {
        return alive
      },
      ended,
      deliver: async ({ name, body }: Delivery) => {
        const now = new Map(store)
        const answer = await this.#handler(name, now, options, body)
        const changes = changesOf(store, now)
        store = now
        return { body: new TextEncoder().encode(answer), meter: 10, timeMs: 1, memoryBytes: 100, changes }
      },
      snapshot: () => Promise.reject(new Error('not asked for')),
      end: async () => {
        if (alive) this.open--
        alive = false
        over({ code: 'ENDED', message: '' })
      },
    }
  }
}

function changesOf(before: Map<string, Uint8Array>, after: Map<string, Uint8Array>): StoreChange[] {
  const removed = [...before.keys()].filter((key) => !after.has(key)).map((key) => ({ key, value: null }))
  return [...removed, ...[...after].filter(([key, value]) => before.get(key) !== value).map(([key, value]) => ({ key, value }))]
}

export class MemoryKeeping implements Keeping {
  readonly kept = new Map<string, Uint8Array>()
  readonly desk = new Map<string, Uint8Array>()
  loads = 0
  keeps = 0
  fails: HoltError | null = null
  /** Each waits here, when it is there. */
  gate: Promise<void> | null = null

  async load(): Promise<StoreEntry[]> {
    this.loads++
    return [...this.kept].map(([key, value]) => ({ key, value }))
  }

  async loadDesk(): Promise<StoreEntry[]> {
    return [...this.desk].map(([key, value]) => ({ key, value }))
  }

  async keep({ store, desk }: KeptChanges): Promise<void> {
    this.keeps++
    const fails = this.fails
    await this.gate
    if (fails !== null) throw fails
    for (const [kept, changes] of [
      [this.kept, store],
      [this.desk, desk],
    ] as const)
      for (const { key, value } of changes) {
        if (value === null) kept.delete(key)
        else kept.set(key, value)
      }
  }
}
