import { HoltError } from '@holt/core/errors.ts'
import { hostName } from '../guard.ts'
import { checkPath } from '../files/tree-path.ts'

/** Where WebDAV is served. */
export const TOP = '/dav'
const MOST_LENGTH = 16_384

export interface DavPath {
  /** Below what the password opens; '/' for that itself. */
  path: string
  /** Written as a directory is. */
  hasSlash: boolean
}

/**
 * The path in an address. There is one way to write each: what is empty, `.`, `..` or holds an encoded slash is refused, not tidied.
 *
 * @param target of a request line, or the path of a `Destination`. @throws HoltError PATH_INVALID, NAME_INVALID.
 */
export function pathOfTarget(target: string): DavPath {
  if (target.length > MOST_LENGTH || /[?#]/.test(target)) throw new HoltError('PATH_INVALID', 'this is no address of a file')
  const below = target.slice(TOP.length)
  if (!target.startsWith(TOP) || (below !== '' && !below.startsWith('/'))) throw new HoltError('PATH_INVALID', `files are below ${TOP}/`)
  if (below === '' || below === '/') return { path: '/', hasSlash: true }
  const hasSlash = below.endsWith('/')
  const path = below
    .slice(0, hasSlash ? -1 : undefined)
    .split('/')
    .map(decodeName)
    .join('/')
  if (path === '/') throw new HoltError('PATH_INVALID', 'a name in the address is empty')
  return { path: checkPath(path), hasSlash }
}

function decodeName(encoded: string): string {
  const name = decoded(encoded)
  if (name === null || name.includes('/')) throw new HoltError('NAME_INVALID', 'a name in the address is not allowed')
  return name
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/**
 * What `Destination`, or a tag of an `If` header, names: an absolute path, or an address of this very server.
 *
 * @returns null for another server. @throws HoltError PATH_INVALID, NAME_INVALID.
 */
export function pathOfReference(text: string, host: string | undefined): DavPath | null {
  if (text.startsWith('/')) return pathOfTarget(text)
  const [, authority, target] = /^https?:\/\/([^/?#]*)(\/.*)$/is.exec(text) ?? []
  if (authority === undefined || target === undefined) throw new HoltError('PATH_INVALID', 'this is no address of a file')
  if (authority.includes('@') || !isSameHost(authority, host)) return null
  return pathOfTarget(target)
}

/** Some programs leave the port out, or the proxy before us. */
function isSameHost(authority: string, host: string | undefined): boolean {
  const name = hostName(authority)
  return name !== null && name === hostName(host)
}

export function hrefOf(path: string, isDirectory: boolean): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return `${TOP}${encoded}${isDirectory && path !== '/' ? '/' : ''}`
}

/** In the tree. */
export function joinPaths(top: string, path: string): string {
  if (top === '/') return path
  return path === '/' ? top : top + path
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}
