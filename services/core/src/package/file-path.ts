import { utf8 } from '../bytes.ts'
import { HoltError } from '../errors.ts'

export const MAX_PATH_BYTES = 512
const MAX_NAME_BYTES = 255

/**
 * A path within a package: names with '/' between, none of which leads anywhere else.
 *
 * @throws HoltError MALFORMED
 */
export function checkFilePath(path: string, where = 'path'): void {
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') throw refused(where, path, `has the name '${name}'`)
    if (utf8(name).length > MAX_NAME_BYTES) throw refused(where, path, 'has a name that is too long')
    if (hasControl(name) || name.includes('\\')) throw refused(where, path, 'has a name with characters that are not allowed')
  }
}

function hasControl(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) < 0x20 || name.charCodeAt(i) === 0x7f) return true
  return false
}

function refused(where: string, path: string, what: string): HoltError {
  return new HoltError('MALFORMED', `${where}: ${JSON.stringify(path)} ${what}`, { field: where })
}
