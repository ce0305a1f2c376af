import { HoltError, type HoltErrorCode, isHoltError, toHoltError } from '@holt/core/errors.ts'
import { statusOf } from '../error-table.ts'
import { escapeText } from './xml/write-xml.ts'

/** What RFC 4918 and RFC 4331 call conditions: they tell programs why. */
export type DavCondition =
  | 'lock-token-matches-request-uri'
  | 'lock-token-submitted'
  | 'no-conflicting-lock'
  | 'propfind-finite-depth'
  | 'cannot-modify-protected-property'
  | 'quota-not-exceeded'

/** A refusal with the status that WebDAV has for it. */
export function refuse(status: number, message: string, condition?: DavCondition, href?: string): HoltError {
  return new HoltError(codeOf(status), message, {
    status,
    ...(condition === undefined ? {} : { condition }),
    ...(href === undefined ? {} : { href }),
  })
}

function codeOf(status: number): HoltErrorCode {
  if (status === 400) return 'INPUT_INVALID'
  return status === 403 ? 'NOT_AUTHORIZED' : 'CONFLICT'
}

/** Where WebDAV says something else than the page. */
const ownStatus: Partial<Record<HoltErrorCode, number>> = {
  IS_A_DIRECTORY: 405,
  ALREADY_EXISTS: 405,
  NOT_A_DIRECTORY: 409,
  // of another node
  CONFLICT: 423,
  LIMIT_REACHED: 503,
}

export interface DavRefusal {
  code: HoltErrorCode
  status: number
  type: string
  body: string
}

export function refusalOf(error: unknown): DavRefusal {
  const { code, message, data } = toHoltError(error)
  const status = typeof data['status'] === 'number' ? data['status'] : (ownStatus[code] ?? statusOf[code])
  const condition = typeof data['condition'] === 'string' ? data['condition'] : code === 'DISK_FULL' ? 'quota-not-exceeded' : null
  if (condition === null)
    return { code, status, type: 'text/plain; charset=utf-8', body: code === 'INTERNAL' ? 'an internal fault' : message }
  const inner = typeof data['href'] === 'string' ? `<D:href>${escapeText(data['href'])}</D:href>` : ''
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:"><D:${condition}>${inner}</D:${condition}></D:error>`
  return { code, status, type: 'application/xml; charset=utf-8', body }
}

/** null where nothing is. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (isHoltError(error, 'NOT_FOUND') || isHoltError(error, 'NOT_A_DIRECTORY')) return null
    throw error
  })
}
