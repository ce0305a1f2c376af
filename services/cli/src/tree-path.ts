import { HoltError } from '@holt/core/errors.ts'

/** A path in the tree as typed, made absolute: `photos//2026/` is `/photos/2026`. */
export function treePath(typed: string): string {
  const names = typed.split('/').filter((name) => name !== '' && name !== '.')
  if (names.includes('..')) throw new HoltError('PATH_INVALID', `'..' has no meaning in the tree: ${typed}`, { path: typed })
  if (typed === '') throw new HoltError('PATH_INVALID', 'a path is empty', { path: typed })
  return `/${names.join('/')}`
}

/** Someone who types `photos/` means a directory. */
export function meansDirectory(typed: string): boolean {
  return /(^|\/)\.?$/.test(typed)
}

export function joinTree(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`
}

/** '' for the top. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

/** `--at 17` is a version's number, anything else a date: 2026-11-21, 2026-11-21T09:05, 2026-11-21T09:05:00Z. */
export function versionOf(typed: string | undefined): { at?: number | string } {
  if (typed === undefined) return {}
  if (/^[1-9]\d{0,14}$/.test(typed)) return { at: Number(typed) }
  const date = /^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(typed) ? new Date(dateText(typed)) : new Date(Number.NaN)
  if (Number.isNaN(date.getTime())) {
    throw new HoltError('INPUT_INVALID', `'${typed}' is neither the number of a version nor a date like 2026-11-21 or 2026-11-21T09:05`, {
      field: 'at',
    })
  }
  return { at: date.toISOString() }
}

/** A day means its end, in local time: "as it was on that day". */
function dateText(typed: string): string {
  return typed.length === 10 ? `${typed}T23:59:59.999` : typed.replace(' ', 'T')
}
