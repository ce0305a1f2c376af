import { copyFile } from 'node:fs/promises'
import { runCommand } from './child.ts'

/**
 * A drive of a machine. Guests see a volatile write cache and flush it; QEMU hands flushed bytes to the host before it says so.
 * What was written to a qcow2 file and not flushed may be lost with QEMU: new clusters are only noted in memory until then.
 */
export interface Disk {
  file: string
  /** `nbd`: the file is the socket of a server, such as a VolatileDrive. */
  format: 'raw' | 'qcow2' | 'nbd'
  /** What the guest reads as its serial number; unique on a machine. */
  serial: string
  readOnly?: boolean
}

/** An empty drive; takes up no more room on the host than what is written to it. */
export async function emptyDisk(file: string, sizeBytes: number, serial: string): Promise<Disk> {
  await runCommand(['qemu-img', 'create', '-q', '-f', 'qcow2', file, String(sizeBytes)])
  return { file, format: 'qcow2', serial }
}

/**
 * A drive that begins as `base` is now and leaves `base` alone, which must not change any more.
 *
 * @param sizeBytes makes it larger than its base, as an image is put onto a larger drive.
 */
export async function diskOver(base: Disk, file: string, sizeBytes?: number): Promise<Disk> {
  const size = sizeBytes === undefined ? [] : [String(sizeBytes)]
  await runCommand(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', base.format, '-b', base.file, file, ...size])
  return { file, format: 'qcow2', serial: base.serial }
}

/** A drive of its own with the same content; needs the original no more. */
export async function copyOfDisk(original: Disk, file: string): Promise<Disk> {
  await copyFile(original.file, file)
  return { ...original, file }
}

/** What QEMU is told about it; `index` tells drives of one machine apart. */
export function diskArguments(disk: Disk, index: number): string[] {
  const name = `disk${index}`
  const place = disk.format === 'nbd' ? { server: { type: 'unix', path: disk.file } } : { file: { driver: 'file', filename: disk.file } }
  const backend = { driver: disk.format, 'node-name': name, 'read-only': disk.readOnly ?? false, ...place }
  const device = { driver: 'virtio-blk-pci', id: `${name}-device`, drive: name, serial: disk.serial, bootindex: index + 1 }
  return ['-blockdev', JSON.stringify(backend), '-device', JSON.stringify(device)]
}
