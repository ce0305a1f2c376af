import type { KeyObject } from 'node:crypto'

/** Imported keys by their raw bytes; the one that was used longest ago goes when it is full. */
export class KeyObjectCache {
  readonly #max: number
  readonly #import: (raw: Uint8Array) => KeyObject
  readonly #keys = new Map<string, KeyObject>()

  constructor(max: number, importKey: (raw: Uint8Array) => KeyObject) {
    this.#max = max
    this.#import = importKey
  }

  get size(): number {
    return this.#keys.size
  }

  get(raw: Uint8Array): KeyObject {
    const name = String.fromCharCode(...raw)
    const key = this.#keys.get(name) ?? this.#import(raw)
    this.#keys.delete(name)
    this.#keys.set(name, key)
    if (this.#keys.size > this.#max) this.#keys.delete(this.#keys.keys().next().value as string)
    return key
  }
}
