import { HoltError } from '@holt/core/errors.ts'

/** What tus, the protocol for uploads that go on, says in headers: version 1.0.0 with creation, expiration and termination. */

export const TUS_VERSION = '1.0.0'
export const TUS_EXTENSIONS = 'creation,expiration,termination'
export const OFFSET_TYPE = 'application/offset+octet-stream'

const KNOWN_METADATA = new Set(['path', 'modified', 'mode', 'replace'])

export interface UploadMetadata {
  path: string
  modified?: number
  mode?: number
  replace?: boolean
}

/**
 * Reads `Upload-Metadata`: pairs of a name and a text in base64, e.g. `path L2EudHh0,replace dHJ1ZQ==`. Unknown names are passed over, as other
 * clients send some.
 *
 * @throws HoltError INPUT_INVALID
 */
export function parseMetadata(header: string): UploadMetadata {
  const values = new Map<string, string>()
  for (const pair of header.split(',')) {
    const [name = '', base64 = '', more] = pair.trim().split(' ')
    if (more !== undefined || values.has(name)) throw invalid()
    if (KNOWN_METADATA.has(name)) values.set(name, textOf(base64))
  }
  const path = values.get('path')
  if (path === undefined) throw invalid()
  const modified = numberOf(values.get('modified'), { min: -1e12, max: 1e12 })
  const mode = numberOf(values.get('mode'), { min: 0, max: 0o7777, whole: true })
  const replace = values.get('replace')
  if (replace !== undefined && replace !== 'true' && replace !== 'false') throw invalid()
  return { path, modified, mode, replace: replace === 'true' }
}

function textOf(base64: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw invalid()
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    throw invalid()
  }
}

function numberOf(
  text: string | undefined,
  { min, max, whole = false }: { min: number; max: number; whole?: boolean },
): number | undefined {
  if (text === undefined) return undefined
  const value = /^-?\d{1,16}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) throw invalid()
  return value
}

function invalid(): HoltError {
  return new HoltError('INPUT_INVALID', 'Upload-Metadata is a list of names and texts in base64, with the path among them', {
    field: 'upload-metadata',
  })
}
