export interface ByteRange {
  offset: number
  lengthBytes: number
}

/**
 * Reads a Range header (RFC 9110 §14.2) for a file of `sizeBytes`.
 *
 * @returns null when the whole file is to be sent: no header, another unit, nonsense, or several ranges (which a server
 * may ignore); 'unsatisfiable' when the range lies past the end.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const parts = /^bytes=[ \t]*(\d{0,16})-(\d{0,16})[ \t]*$/i.exec(header ?? '')
  if (!parts) return null
  const [, first = '', last = ''] = parts
  if (first === '') return last === '' ? null : suffix(Number(last), sizeBytes)
  const offset = Number(first)
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (last !== '' && Number(last) < offset) return null
  if (offset >= sizeBytes) return 'unsatisfiable'
  return { offset, lengthBytes: end - offset + 1 }
}

function suffix(lengthBytes: number, sizeBytes: number): ByteRange | 'unsatisfiable' {
  if (lengthBytes === 0 || sizeBytes === 0) return 'unsatisfiable'
  const length = Math.min(lengthBytes, sizeBytes)
  return { offset: sizeBytes - length, lengthBytes: length }
}
