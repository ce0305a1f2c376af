import type { ProgramPackage } from '@holt/core/package/archive.ts'

const MAX_ICON_BYTES = 256 << 10

const types: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
}

/** The picture that a package names as its icon. null: none, or nothing that is shown. */
export function iconOf(read: ProgramPackage): { type: string; bytes: Uint8Array } | null {
  const { manifest } = read
  if (manifest.icon === undefined) return null
  const type = types[manifest.icon.slice(manifest.icon.lastIndexOf('.') + 1).toLowerCase()]
  const bytes = read.file(manifest.icon)
  return type === undefined || bytes.length > MAX_ICON_BYTES ? null : { type, bytes }
}
