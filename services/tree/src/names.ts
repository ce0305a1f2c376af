import { HoltError } from '@holt/core/errors.ts'
import { isWellFormedText } from '@holt/core/utf8-text.ts'

export const MAX_NAME_BYTES = 255
/** In UTF-16 units; what a request may carry. */
export const MAX_PATH_LENGTH = 65_536
/** Deeper paths would make every change below them slow. */
export const MAX_DEPTH = 4096

/** What makes `name` unfit for a directory; null when it is fit. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'is empty'
  if (name === '.' || name === '..') return 'has a meaning of its own'
  if (name.includes('/')) return "holds '/'"
  if (name.includes('\0')) return 'holds NUL'
  if (!isWellFormedText(name)) return 'is not valid Unicode'
  if (3 * name.length > MAX_NAME_BYTES && utf8Length(name) > MAX_NAME_BYTES) return `is over ${MAX_NAME_BYTES} bytes`
  return null
}

/** @throws HoltError NAME_INVALID */
export function checkName(name: string): string {
  const problem = nameProblem(name)
  if (problem !== null) throw new HoltError('NAME_INVALID', `the name ${quoted(name)} ${problem}`, { name: name.slice(0, 300) })
  return name
}

/**
 * The names of an absolute path; none for '/'.
 *
 * @throws HoltError PATH_INVALID (not absolute, empty names, too long or deep), NAME_INVALID.
 */
export function splitPath(path: string): string[] {
  if (path === '/') return []
  const refuse = (why: string): never => {
    throw new HoltError('PATH_INVALID', `the path ${quoted(path)} ${why}`, { path: path.slice(0, 300) })
  }
  if (!path.startsWith('/')) refuse("does not begin with '/'")
  if (path.length > MAX_PATH_LENGTH) refuse('is too long')
  const names = path.slice(1).split('/')
  if (names.length > MAX_DEPTH) refuse('is too deep')
  if (names.includes('')) refuse('holds an empty name')
  for (const name of names) checkName(name)
  return names
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

export function joinPath(names: readonly string[]): string {
  return `/${names.join('/')}`
}

/** True when `path` is `ancestor` or lies below it. */
export function isAtOrUnder(path: string, ancestor: string): boolean {
  return ancestor === '/' || path === ancestor || path.startsWith(`${ancestor}/`)
}

/** The order of the names' UTF-8 bytes, which is that of their code points. */
export function compareNames(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** UTF-16 sorts surrogates, which stand for the code points above U+FFFF, before U+E000: here they come last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** Of well-formed text. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    const isSurrogate = unit >= 0xd800 && unit < 0xe000
    length += unit < 0x800 || isSurrogate ? 1 : 2
  }
  return length
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
