import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { bytesOf, literal, nullable, parse, record, text, uint, version } from '@holt/core/shape.ts'

const FILE = 'photos'
/** Over which lines. */
export const photoNetworks = ['any', 'unmetered', 'wifi'] as const
export type PhotoNetwork = (typeof photoNetworks)[number]

/** What the owner of a phone decided about its pictures, and which phone it is. */
export interface PhotoSettings {
  /** By which the tree tells this phone's records from those of others. */
  phone: Uint8Array
  on: boolean
  paused: boolean
  videos: boolean
  /** null until it was first turned on. */
  folder: string | null
  network: PhotoNetwork
  charging: boolean
}

const flag = uint({ max: 1 })
const shape = record({
  v: version(1),
  kind: literal('photo-settings'),
  phone: bytesOf(16),
  on: flag,
  paused: flag,
  videos: flag,
  folder: nullable(text({ maxBytes: 4096 })),
  network: uint({ max: photoNetworks.length - 1 }),
  charging: flag,
})

export function encodePhotoSettings({ phone, folder, network, ...flags }: PhotoSettings): Uint8Array {
  const numbers = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, value ? 1 : 0]))
  return encode({ v: 1, kind: 'photo-settings', phone, folder, network: photoNetworks.indexOf(network), ...numbers })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodePhotoSettings(encoded: Uint8Array): PhotoSettings {
  const { phone, on, paused, videos, folder, network, charging } = parse(shape, encoded)
  const isSet = (number: number): boolean => number === 1
  const flags = { on: isSet(on), paused: isSet(paused), videos: isSet(videos), charging: isSet(charging) }
  return { phone, folder, network: photoNetworks[network] as PhotoNetwork, ...flags }
}

/** @returns null when nothing was decided yet. */
export async function readPhotoSettings(disk: Disk): Promise<PhotoSettings | null> {
  const kept = await readTwice(disk, FILE)
  return kept === null ? null : decodePhotoSettings(kept.content)
}

export function writePhotoSettings(disk: Disk, settings: PhotoSettings): Promise<void> {
  return writeTwice(disk, FILE, encodePhotoSettings(settings))
}

export function newPhotoSettings(phone: Uint8Array): PhotoSettings {
  return { phone, on: false, paused: false, videos: true, folder: null, network: 'unmetered', charging: false }
}
