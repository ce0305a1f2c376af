import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bodyOf } from '../files/request-body.ts'
import type { DavRequest } from './dav-request.ts'
import type { XmlElement } from './xml/element.ts'
import { MOST_XML_BYTES, parseXml } from './xml/parse-xml.ts'

/** null: there is none. @throws HoltError MALFORMED, TOO_LARGE. */
export async function xmlBodyOf({ request }: Pick<DavRequest, 'request'>): Promise<XmlElement | null> {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of bodyOf(request)) {
    sizeBytes += part.length
    if (sizeBytes > MOST_XML_BYTES) throw new HoltError('TOO_LARGE', 'the XML is too long')
    parts.push(part)
  }
  return sizeBytes === 0 ? null : parseXml(concatBytes(parts))
}
