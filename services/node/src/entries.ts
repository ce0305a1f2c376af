import type { Entry } from '@holt/control/schema.ts'
import { cidToText } from '@holt/core/cid.ts'
import type { Time, TreeEntry } from '@holt/tree/types.ts'
import { base64Of } from './base64.ts'

const typeNames = { f: 'file', d: 'directory', l: 'symlink', v: 'volume' } as const

export function secondsOf([seconds, nanoseconds]: Time): number {
  return seconds + nanoseconds / 1e9
}

export function timeOfSeconds(seconds: number): Time {
  const whole = Math.floor(seconds)
  return [whole, Math.min(999_999_999, Math.round((seconds - whole) * 1e9))]
}

/** A tree entry as callers see it: no keys, no CIDs. */
export function publicEntry(name: string, entry: TreeEntry, { attributes = false } = {}): Entry {
  return {
    name,
    type: typeNames[entry.t],
    sizeBytes: entry.t === 'f' ? entry.z : 0,
    mode: entry.m,
    modified: secondsOf(entry.mt),
    ...(entry.t === 'f' && entry.r !== null ? { content: cidToText(entry.r) } : {}),
    ...(entry.t === 'l' ? { target: entry.to } : {}),
    ...((entry.t === 'f' || entry.t === 'd') && entry.cl !== undefined ? { redundancyClass: entry.cl } : {}),
    ...(attributes ? { attributes: attributesOf(entry) } : {}),
  }
}

/** Those of programs; others are Holt's own, or the system's. */
export const PROGRAM_ATTRIBUTE = 'user.'

function attributesOf({ x = {} }: TreeEntry): Record<string, string> {
  const theirs = Object.entries(x).filter(([name]) => name.startsWith(PROGRAM_ATTRIBUTE))
  return Object.fromEntries(theirs.map(([name, bytes]) => [name, base64Of(bytes)]))
}

export function nameOf(path: string): string {
  return path === '/' ? '/' : path.slice(path.lastIndexOf('/') + 1)
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}
