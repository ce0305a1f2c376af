import type { HoltErrorJson } from '@holt/core/errors.ts'
import type { Delivery, LogLine, StoreChange, StoreEntry, VatImage, VatLimits, VatSnapshot } from '../types.ts'

/** What a vat's thread is told. */
export type ToVat =
  /** Before it is needed: run the engine once, so that this thread's own code is compiled. */
  | { kind: 'warm'; engine: WebAssembly.Module; mailbox: SharedArrayBuffer }
  | { kind: 'open'; opening: VatOpening }
  | { kind: 'deliver'; id: number; delivery: Delivery }
  | { kind: 'answer'; call: number; answer: Uint8Array | HoltErrorJson }
  | { kind: 'snapshot'; id: number }

export interface VatOpening {
  module: WebAssembly.Module
  /** null: the module is the program; else it is the engine, and this is the program. */
  script: Uint8Array | null
  limits: VatLimits
  store: readonly StoreEntry[]
  image: VatImage | null
  preopens: readonly string[]
  args: readonly string[]
  /** Where answers lie for a thread that waits for one. */
  mailbox: SharedArrayBuffer
  now: number
  seed: Uint8Array | null
}

/** What a vat's thread says: a stranger's words, if the thread were taken over. */
export type FromVat =
  /** It listens. */
  | { kind: 'ready' }
  | { kind: 'opened' }
  | { kind: 'delivered'; id: number; result: DeliveredByThread }
  /** Of opening (id 0) or of a delivery. */
  | { kind: 'failed'; id: number; error: HoltErrorJson; alive: boolean }
  | { kind: 'snapshot'; id: number; snapshot: VatSnapshot }
  | { kind: 'call'; call: number; name: string; args: Uint8Array; synchronous: boolean }
  | { kind: 'more' }
  | { kind: 'log'; line: LogLine }

export interface DeliveredByThread {
  body: Uint8Array
  meter: number
  memoryBytes: number
  changes: readonly StoreChange[]
}

/** One end of a channel between threads. */
export interface ThreadPort<In, Out> {
  post(message: Out, transfer?: ArrayBuffer[]): void
  onMessage(take: (message: In) => void): void
}

/** The buffer of an array, when all of it may be given away. */
export function givenAway(bytes: Uint8Array): ArrayBuffer[] {
  const whole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength > 0
  return whole ? [bytes.buffer as ArrayBuffer] : []
}
