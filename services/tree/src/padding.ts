const LEAST_BYTES = 64

/**
 * How long `contentBytes` of content become before they are sealed, so that a keeper does not learn exact sizes:
 * at most 1/32 more, 64 at least.
 */
export function paddedLength(contentBytes: number): number {
  if (contentBytes <= LEAST_BYTES) return LEAST_BYTES
  const log2 = 31 - Math.clz32(contentBytes)
  const step = 2 ** (log2 - 5)
  return Math.ceil(contentBytes / step) * step
}

/** @returns `content` itself when its length needs no padding. */
export function pad(content: Uint8Array): Uint8Array {
  const length = paddedLength(content.length)
  if (length === content.length) return content
  const padded = new Uint8Array(length)
  padded.set(content)
  return padded
}
