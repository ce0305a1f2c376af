/** What the engine hands to a program in JavaScript: the global `holt`, and nothing else of the world. */
export interface Engine {
  /** Set by the program while its script runs; what it gives is the answer. */
  onDeliver: ((name: string, body: Uint8Array) => Promise<Uint8Array>) | undefined
  /** Uses a power and waits for it. Throws an Error with `code`. */
  call(power: string, args: Uint8Array): Uint8Array
  /** Uses a power; others can be used meanwhile. */
  ask(power: string, args: Uint8Array): Promise<Uint8Array>
  readonly store: {
    get(key: string): Uint8Array | undefined
    set(key: string, value: Uint8Array): void
    delete(key: string): boolean
    /** Sorted. */
    keys(prefix?: string): string[]
  }
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void
  random(size: number): Uint8Array
}

declare global {
  // oxlint-disable-next-line no-var
  var holt: Engine
}
