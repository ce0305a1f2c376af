import { HoltError } from '../errors.ts'

/** major, minor, patch: what comes later is larger, compared from the left. */
export type ProgramVersion = readonly [number, number, number]

export const LARGEST_VERSION_PART = 1_000_000

/** @throws HoltError INPUT_INVALID for anything else than three numbers with points between. */
export function versionFromText(text: string): ProgramVersion {
  const parts = /^(0|[1-9]\d{0,6})\.(0|[1-9]\d{0,6})\.(0|[1-9]\d{0,6})$/.exec(text)?.slice(1).map(Number)
  if (parts === undefined || parts.some((part) => part > LARGEST_VERSION_PART))
    throw new HoltError('INPUT_INVALID', `'${text}' is no version such as 1.0.0`, { field: 'version' })
  return parts as unknown as ProgramVersion
}

export function versionToText(version: ProgramVersion): string {
  return version.join('.')
}

/** Negative, zero or positive, as `Array.sort` wants it. */
export function compareVersions(a: ProgramVersion, b: ProgramVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
