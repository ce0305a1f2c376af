import { escapeText } from './xml/write-xml.ts'

export const XML_TYPE = 'application/xml; charset=utf-8'
export const MULTISTATUS_BEGIN = '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">'
export const MULTISTATUS_END = '</D:multistatus>'

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  403: 'Forbidden',
  404: 'Not Found',
  424: 'Failed Dependency',
  507: 'Insufficient Storage',
}

export function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}`
}

/** @param properties XML of each, by the status it has. */
export function responseOf(href: string, properties: ReadonlyMap<number, string>): string {
  const parts = [...properties].map(
    ([status, xml]) => `<D:propstat><D:prop>${xml}</D:prop><D:status>${statusLine(status)}</D:status></D:propstat>`,
  )
  return `<D:response><D:href>${escapeText(href)}</D:href>${parts.join('')}</D:response>`
}
