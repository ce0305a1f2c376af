import type { Duplex } from 'node:stream'
import { HoltError } from '@holt/core/errors.ts'

/** A caged process, as the node has it. */
export interface CageProcess {
  /** All that goes in or comes out. */
  channel: Duplex
  /** Null where another made it. */
  pid: number | null
  /** What it says of why it does not start. */
  words(): string
  /** Whatever it does. Resolves when nothing of it runs any more. Never throws. */
  end(): Promise<void>
}

/** @throws HoltError CAGE_MISSING with what is missing, in words for the owner. */
export type MakeCage = () => Promise<CageProcess>

export function cageMissing(missing: readonly string[]): HoltError {
  return new HoltError('CAGE_MISSING', `programs cannot be kept in here: missing ${missing.join(', ')}`, { missing: [...missing] })
}
