import type { Headers } from './headers.ts'
import { URLSearchParams } from './url.ts'

export type BodyInput = string | Uint8Array | ArrayBuffer | URLSearchParams | null | undefined

/** The bytes of a body, and the type that a text has when its headers say none. */
export function bodyOf(input: BodyInput): { bytes: Uint8Array; type: string | null } {
  if (input === null || input === undefined) return { bytes: new Uint8Array(0), type: null }
  if (input instanceof Uint8Array) return { bytes: input, type: null }
  if (input instanceof ArrayBuffer) return { bytes: new Uint8Array(input), type: null }
  if (input instanceof URLSearchParams)
    return { bytes: new TextEncoder().encode(input.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  return { bytes: new TextEncoder().encode(String(input)), type: 'text/plain;charset=UTF-8' }
}

/** What requests and responses have alike. A body is there whole; it can be read once, as on the web. */
export class Body {
  readonly headers: Headers
  readonly #bytes: Uint8Array
  #used = false

  constructor(headers: Headers, bytes: Uint8Array) {
    this.headers = headers
    this.#bytes = bytes
  }

  get bodyUsed(): boolean {
    return this.#used
  }

  async bytes(): Promise<Uint8Array> {
    return this.#take()
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#take().slice().buffer as ArrayBuffer
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#take())
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  /** Of a form that was sent as `application/x-www-form-urlencoded`, the kind that a form without files sends. */
  async form(): Promise<URLSearchParams> {
    return new URLSearchParams(await this.text())
  }

  /** What is sent, without using the body up. */
  peek(): Uint8Array {
    return this.#bytes
  }

  #take(): Uint8Array {
    if (this.#used) throw new TypeError('the body was read already')
    this.#used = true
    return this.#bytes
  }
}
