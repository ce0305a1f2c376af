import { fromBase64Url } from '@holt/core/bytes.ts'
import { SHARE_SECRET_BYTES } from '@holt/tree/caps/share-link.ts'

/** What stands behind the '#' of a share link: its secret, and a place within what is shared. A browser sends neither. */
export interface ShareLink {
  secret: Uint8Array
  /** '/' is the top of what is shared. */
  path: string
}

/** @returns null when there is no whole secret in it. */
export function parseLink(hash: string): ShareLink | null {
  const [text = '', ...names] = hash.replace(/^#/, '').split('/')
  const secret = fromBase64Url(text)
  if (secret?.length !== SHARE_SECRET_BYTES) return null
  return { secret, path: `/${names.map(decoded).filter(Boolean).join('/')}` }
}

/** @param hash of the link that was opened. */
export function hashFor(hash: string, path: string): string {
  const [secret] = hash.replace(/^#/, '').split('/')
  return `#${secret}${path === '/' ? '' : path.split('/').map(encodeURIComponent).join('/')}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
