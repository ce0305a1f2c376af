import type { VatLimits } from './types.ts'

const MiB = 1024 * 1024

/** What a program gets that asks for nothing else. */
export const defaultLimits: VatLimits = {
  memoryBytes: 64 * MiB,
  meter: 5_000_000_000,
  timeMs: 10_000,
  storeBytes: 4 * MiB,
  logBytes: 64 * 1024,
  callsAtOnce: 64,
  messageBytes: 16 * MiB,
}

/** What no vat has more of, whoever allows it: a linear memory of 32-bit addresses, and sums that a number holds exactly. */
export const largestLimits: VatLimits = {
  memoryBytes: 2048 * MiB,
  meter: 1_000_000_000_000_000,
  timeMs: 24 * 3600 * 1000,
  storeBytes: 256 * MiB,
  logBytes: 16 * MiB,
  callsAtOnce: 4096,
  messageBytes: 64 * MiB,
}

/** @returns what was asked for, nowhere more than `cap`; the default where nothing was asked. */
export function capLimits(wanted: Partial<VatLimits>, cap: Partial<VatLimits> = {}): VatLimits {
  const limits = { ...defaultLimits }
  for (const name of Object.keys(defaultLimits) as (keyof VatLimits)[]) {
    const value = Math.min(wanted[name] ?? defaultLimits[name], cap[name] ?? Number.POSITIVE_INFINITY, largestLimits[name])
    limits[name] = Number.isFinite(value) && value > 0 ? Math.floor(value) : 0
  }
  return limits
}
