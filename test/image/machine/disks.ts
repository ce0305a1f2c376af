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
  /** On USB: such a drive can be plugged in while the machine runs. */
  usb?: boolean
  /** Whose turn it is when the firmware looks for a drive to boot; without, they come as they were plugged in. */
  bootIndex?: number
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

/** What QEMU calls it and how it is wired; `index` tells drives of one machine apart. */
export function diskParts(disk: Disk, index: number): { backend: Record<string, unknown>; device: Record<string, unknown> } {
  const name = `disk${index}`
  const place = disk.format === 'nbd' ? { server: { type: 'unix', path: disk.file } } : { file: { driver: 'file', filename: disk.file } }
  const backend = { driver: disk.format, 'node-name': name, 'read-only': disk.readOnly ?? false, ...place }
  const driver = disk.usb === true ? 'usb-storage' : 'virtio-blk-pci'
  return { backend, device: { driver, id: `${name}-device`, drive: name, serial: disk.serial } }
}

export function diskArguments(disk: Disk, index: number): string[] {
  const { backend, device } = diskParts(disk, index)
  return ['-blockdev', JSON.stringify(backend), '-device', JSON.stringify({ ...device, bootindex: disk.bootIndex ?? index + 1 })]
}
