import type { Entry } from '@holt/control/schema.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type ByteRange, parseRange } from './byte-range.ts'

export interface DownloadRequest {
  path: string
  at?: number | string
  headers: { range?: string | undefined; 'if-range'?: string | undefined; 'if-none-match'?: string | undefined }
  signal: AbortSignal
}

/** What to answer; `body` null: headers only. */
export interface Download {
  status: 200 | 206 | 304 | 416
  entry: Entry
  etag: string
  range: ByteRange | null
  body: AsyncIterable<Uint8Array> | null
}

/** A file replaced twice between looking and reading is busy indeed. */
const ATTEMPTS = 4

/**
 * Decides by the entry which bytes to send, then opens them; begins anew if the file was replaced in between, so that
 * headers and bytes always belong to one version.
 *
 * @throws HoltError as `FileStreams.read` does; CONFLICT when the file keeps changing.
 */
export async function openDownload(files: FileStreams, stat: () => Promise<Entry>, request: DownloadRequest): Promise<Download> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const plan = planDownload(await stat(), request.headers)
    if (plan.status === 304 || plan.status === 416) return { ...plan, body: null }
    const { entry, body } = await files.read(request.path, { at: request.at, ...plan.range, signal: request.signal })
    if (sameFile(entry, plan.entry)) return { ...plan, body }
  }
  throw new HoltError('CONFLICT', 'the file keeps changing')
}

export function planDownload(entry: Entry, headers: DownloadRequest['headers']): Omit<Download, 'body'> {
  if (entry.type === 'directory' || entry.type === 'volume') throw new HoltError('IS_A_DIRECTORY', 'a directory has no content of its own')
  if (entry.type !== 'file') throw new HoltError('INPUT_INVALID', 'a symlink has no content of its own')
  const etag = etagOf(entry)
  if (matchesAny(headers['if-none-match'], etag)) return { status: 304, entry, etag, range: null }
  const ifRange = headers['if-range']
  const mayRange = ifRange === undefined || (ifRange === etag && !etag.startsWith('W/'))
  const range = mayRange ? parseRange(headers.range, entry.sizeBytes) : null
  if (range === 'unsatisfiable') return { status: 416, entry, etag, range: null }
  return { status: range ? 206 : 200, entry, etag, range }
}

/** Strong: parts of two versions must never be joined. A file whose bytes have no name holds zeros, or nothing. */
export function etagOf({ content, sizeBytes }: Entry): string {
  return content === undefined ? `"zeros-${sizeBytes.toString(36)}"` : `"${content.replace(/[^\x21\x23-\x7e]/g, '')}"`
}

/** Weak comparison, RFC 9110 §13.1.2. */
function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const opaque = etag.replace(/^W\//, '')
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === opaque)
}

function sameFile(a: Entry, b: Entry): boolean {
  return a.type === b.type && a.sizeBytes === b.sizeBytes && a.content === b.content && a.modified === b.modified
}
