import { utf8 } from '@holt/core/bytes.ts'
import { ERRNO, WasiError } from './errno.ts'

const LONGEST_PATH_BYTES = 4096

/** A path below a granted folder, '' for the folder itself, and whether it was written as that of a directory ("a/"). */
export interface WasiPath {
  path: string
  namesDirectory: boolean
}

/**
 * Where a path leads from a directory that a program has open: never above that directory. Links are not followed by anything below, so `a/..` is
 * where `a` lies, whatever `a` is.
 *
 * @throws WasiError `outside` for what leads out of it, `notFound` for an empty one, `illegalBytes`, `nameTooLong`.
 */
export function pathFrom(directory: string, bytes: Uint8Array): WasiPath {
  if (bytes.length > LONGEST_PATH_BYTES) throw new WasiError(ERRNO.nameTooLong)
  const text = new TextDecoder().decode(bytes)
  if (text.includes('\0') || !sameBytes(utf8(text), bytes)) throw new WasiError(ERRNO.illegalBytes)
  if (text === '') throw new WasiError(ERRNO.notFound)
  if (text.startsWith('/')) throw new WasiError(ERRNO.outside)
  const names: string[] = []
  const parts = text.split('/')
  for (const part of parts) {
    if (part === '' || part === '.') continue
    if (part !== '..') names.push(part)
    else if (names.pop() === undefined) throw new WasiError(ERRNO.outside)
  }
  const path = [...(directory === '' ? [] : [directory]), ...names].join('/')
  return { path, namesDirectory: ['', '.', '..'].includes(parts[parts.length - 1] as string) }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
