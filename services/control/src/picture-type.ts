/** The kinds of picture that browsers make small ones in; none of them can hold a script. */
export type ThumbnailType = 'image/jpeg' | 'image/webp'

/** By how the bytes begin, whatever was said of them. @returns null for all else. */
export function thumbnailTypeOf(bytes: Uint8Array): ThumbnailType | null {
  if (begins(bytes, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (begins(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && begins(bytes, 8, [0x57, 0x45, 0x42, 0x50])) return 'image/webp'
  return null
}

function begins(bytes: Uint8Array, offset: number, with_: readonly number[]): boolean {
  return with_.every((byte, i) => bytes[offset + i] === byte)
}
