import { encode } from '@holt/core/codec.ts'
import { literal, optional, parse, record, text, time, uint, version } from '@holt/core/shape.ts'
import type { FileEntry, Time, TreeEntry } from '@holt/tree/types.ts'

/** What a file that is still being uploaded will be, as its attribute `upload`; docs/formats.md. */
export interface UploadRecord {
  path: string
  sizeBytes: number
  modified: Time
  mode: number
  replace: boolean
}

export const UPLOAD_ATTRIBUTE = 'upload'
export const MAX_UPLOAD_PATH_BYTES = 65_000

const shape = record({
  v: version(1),
  kind: literal('upload'),
  path: text({ maxBytes: MAX_UPLOAD_PATH_BYTES }),
  size: uint(),
  mt: time,
  m: uint({ max: 0o7777 }),
  replace: optional(literal(true)),
})

export function withUploadRecord(entry: FileEntry, { path, sizeBytes, modified, mode, replace }: UploadRecord): FileEntry {
  const fields = { v: 1, kind: 'upload', path, size: sizeBytes, mt: modified, m: mode, ...(replace ? { replace: true } : {}) }
  return { ...entry, x: { [UPLOAD_ATTRIBUTE]: encode(fields) } }
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function uploadRecordOf(entry: TreeEntry): UploadRecord {
  const { path, size, mt, m, replace } = parse(shape, entry.x?.[UPLOAD_ATTRIBUTE] ?? new Uint8Array())
  return { path, sizeBytes: size, modified: mt, mode: m, replace: replace === true }
}

/** The file that it becomes. */
export function finishedFile(entry: FileEntry, { modified, mode }: UploadRecord): FileEntry {
  const file = { ...entry, m: mode, mt: modified }
  delete file.x
  return file
}
