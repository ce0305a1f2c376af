import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { literal, parse, record, uint, version } from '@holt/core/shape.ts'
import { type PhotoNetwork, photoNetworks } from '../photos/photo-settings.ts'

const FILE = 'power'

/** What being among others may cost a phone, as its owner decided. */
export interface PowerSettings {
  network: PhotoNetwork
  /** While nobody looks at the app, only on the charger. */
  charging: boolean
  /** Never rests. */
  always: boolean
}

export const firstPowerSettings: PowerSettings = { network: 'unmetered', charging: false, always: false }

const flag = uint({ max: 1 })
const shape = record({
  v: version(1),
  kind: literal('power-settings'),
  network: uint({ max: photoNetworks.length - 1 }),
  charging: flag,
  always: flag,
})

export function encodePowerSettings({ network, charging, always }: PowerSettings): Uint8Array {
  const numbers = { network: photoNetworks.indexOf(network), charging: charging ? 1 : 0, always: always ? 1 : 0 }
  return encode({ v: 1, kind: 'power-settings', ...numbers })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodePowerSettings(encoded: Uint8Array): PowerSettings {
  const { network, charging, always } = parse(shape, encoded)
  return { network: photoNetworks[network] as PhotoNetwork, charging: charging === 1, always: always === 1 }
}

/** What was never decided is as at first. @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export async function readPowerSettings(disk: Disk): Promise<PowerSettings> {
  const kept = await readTwice(disk, FILE)
  return kept === null ? firstPowerSettings : decodePowerSettings(kept.content)
}

export function writePowerSettings(disk: Disk, settings: PowerSettings): Promise<void> {
  return writeTwice(disk, FILE, encodePowerSettings(settings))
}
