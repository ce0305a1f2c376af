import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'

const MAX_NAME_BYTES = 255

/** The tree checks paths too; here so that no odd one gets that far. @throws HoltError PATH_INVALID, NAME_INVALID. */
export function checkPath(path: string): string {
  if (!path.startsWith('/')) throw new HoltError('PATH_INVALID', "a path must begin with '/'")
  if (path === '/') return path
  for (const name of path.slice(1).split('/')) checkName(name)
  return path
}

function checkName(name: string): void {
  const odd = name === '' || name === '.' || name === '..' || name.includes('\0') || hasLoneSurrogate(name)
  if (odd || utf8(name).length > MAX_NAME_BYTES) throw new HoltError('NAME_INVALID', 'a name in the path is not allowed')
}

function hasLoneSurrogate(text: string): boolean {
  return /[\uD800-\uDFFF]/u.test(text)
}

/** A version as the query gives it: a sequence number or an ISO 8601 date. @throws HoltError INPUT_INVALID. */
export function parseVersion(at: string | undefined): { at?: number | string } {
  if (at === undefined) return {}
  if (/^[1-9]\d{0,15}$/.test(at) && Number.isSafeInteger(Number(at))) return { at: Number(at) }
  if (/^\d{4}-\d{2}-\d{2}/.test(at) && !Number.isNaN(Date.parse(at))) return { at }
  throw new HoltError('INPUT_INVALID', 'a version is a sequence number or an ISO 8601 date')
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
