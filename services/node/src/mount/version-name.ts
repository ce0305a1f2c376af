import type { Time } from '@holt/tree/types.ts'

interface Version {
  sequence: number
  time: Time
}

/** How a version is called in a mounted folder, always: `2026-11-22T21:15:03Z-v1234`, the number because several may be of one second. */
export function versionNameOf({ sequence, time }: Version): string {
  return `${new Date(time[0] * 1000).toISOString().replace('.000Z', 'Z')}-v${sequence}`
}

/** The number of the version that may be called so; null for other names. */
export function sequenceIn(name: string): number | null {
  const digits = /Z-v(\d{1,15})$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

const TYPED_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/

/** What else a version is found by: its number, or a date, of which it is the newest not after; null for other names. */
export function wantedIn(name: string): number | Date | null {
  if (/^\d{1,15}$/.test(name)) return Number(name)
  if (!TYPED_DATE.test(name)) return null
  const date = new Date(name)
  return Number.isNaN(date.getTime()) ? null : date
}
