import { concatBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'

const MOST_STAGED = 4
const MAX_STAGED_BYTES = 68 << 20
const KEPT_MS = 15 * 60_000

/** Packages that were brought and not installed yet: in memory only, few, and not for long. */
export class StagedPackages {
  readonly #crypto: Crypto
  readonly #nowMs: () => number
  readonly #staged = new Map<string, { parts: Uint8Array[]; bytes: number; touchedMs: number }>()

  constructor(crypto: Crypto, nowMs: () => number) {
    this.#crypto = crypto
    this.#nowMs = nowMs
  }

  /** @param stage null: a new one. @throws HoltError NOT_FOUND, TOO_LARGE. */
  add(stage: string | null, bytes: Uint8Array): { stage: string; sizeBytes: number } {
    this.#forgetOld()
    const id = stage ?? this.#begin()
    const staged = this.#staged.get(id)
    if (staged === undefined) throw new HoltError('NOT_FOUND', 'this package was not brought, or too long ago', { stage: id })
    if (staged.bytes + bytes.length > MAX_STAGED_BYTES) {
      this.#staged.delete(id)
      throw new HoltError('TOO_LARGE', `a package has at most ${MAX_STAGED_BYTES} bytes`, { limit: MAX_STAGED_BYTES })
    }
    staged.parts.push(bytes)
    staged.bytes += bytes.length
    staged.touchedMs = this.#nowMs()
    return { stage: id, sizeBytes: staged.bytes }
  }

  /** @throws HoltError NOT_FOUND */
  get(stage: string): Uint8Array {
    this.#forgetOld()
    const staged = this.#staged.get(stage)
    if (staged === undefined) throw new HoltError('NOT_FOUND', 'this package was not brought, or too long ago', { stage })
    if (staged.parts.length > 1) staged.parts = [concatBytes(staged.parts)]
    return staged.parts[0] ?? new Uint8Array(0)
  }

  forget(stage: string): void {
    this.#staged.delete(stage)
  }

  #begin(): string {
    if (this.#staged.size >= MOST_STAGED) this.#staged.delete(this.#staged.keys().next().value as string)
    const id = toHex(this.#crypto.randomBytes(8))
    this.#staged.set(id, { parts: [], bytes: 0, touchedMs: this.#nowMs() })
    return id
  }

  #forgetOld(): void {
    const then = this.#nowMs() - KEPT_MS
    for (const [id, { touchedMs }] of this.#staged) if (touchedMs < then) this.#staged.delete(id)
  }
}
