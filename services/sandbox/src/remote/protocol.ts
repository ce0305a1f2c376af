import type { HoltErrorJson } from '@holt/core/errors.ts'
import type { LogLine, VatEnd, VatLimits } from '../types.ts'

/** What a node tells the process that runs its programs; behind each the blobs that go with it. */
export type ToCage =
  | { t: 'engine' } // its bytes
  | { t: 'prepare'; id: number } // the module
  | { t: 'code'; code: string; error?: HoltErrorJson } // the bytes that `load` asked for
  | {
      t: 'open'
      vat: number
      code: string
      kind: 'wasm' | 'script'
      limits: VatLimits
      keys: readonly string[]
      image: boolean
      preopens: readonly string[]
      args: readonly string[]
      now?: number
      seeded: boolean
    } // a value for each key; the image's memory and state; the seed
  | { t: 'deliver'; vat: number; id: number; name: string; meter?: number; timeMs?: number; now?: number; seeded: boolean } // body, seed
  | { t: 'answer'; vat: number; call: number; error?: HoltErrorJson } // the answer
  | { t: 'snapshot'; vat: number; id: number }
  | { t: 'end'; vat: number }

export type FromCage =
  | { t: 'ready' }
  | { t: 'load'; code: string }
  | { t: 'prepared'; id: number; preparedBy: number; canSnapshot: boolean } // the module
  | { t: 'opened'; vat: number }
  | {
      t: 'done'
      vat: number
      id: number
      meter: number
      timeMs: number
      memoryBytes: number
      changed: readonly string[]
      removed: readonly string[]
    } // body, a value for each changed
  | { t: 'runs'; vat: number; id: number; at: readonly number[] } // the bytes of each
  | { t: 'snapshot'; vat: number; id: number; memoryBytes: number } // the state
  /** Of `prepare` (vat 0), of opening (id 0), of a delivery or a snapshot. */
  | { t: 'failed'; vat: number; id: number; error: HoltErrorJson; alive: boolean }
  | { t: 'call'; vat: number; call: number; name: string; synchronous: boolean } // its arguments
  | { t: 'log'; vat: number; level: LogLine['level']; text: string }
  | { t: 'ended'; vat: number; code: VatEnd['code']; message: string }

/** What comes out of a cage in one frame: an answer, or so much of a snapshot. */
export const LONGEST_FROM_CAGE = 80 * 1024 * 1024
export const LONGEST_TO_CAGE = 0xfffffff0
export const SNAPSHOT_FRAME_BYTES = 16 * 1024 * 1024
