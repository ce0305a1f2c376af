import type { DiskInfo } from '@holt/control/box/methods.ts'
import { type Static, Type } from 'typebox'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'

/** The label of a file system that was made for Holt. */
export const DRIVE_LABEL = 'holt-drive'
export const DRIVES_FOLDER = '/data/drives'

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const columns = [
  'NAME',
  'PATH',
  'TYPE',
  'SIZE',
  'MODEL',
  'VENDOR',
  'SERIAL',
  'TRAN',
  'RM',
  'RO',
  'MOUNTPOINTS',
  'FSTYPE',
  'LABEL',
  'UUID',
  'PARTLABEL',
]
const fields = {
  path: Type.String(),
  type: Type.String(),
  size: Type.Number(),
  model: Text,
  vendor: Text,
  serial: Text,
  tran: Text,
  rm: Type.Boolean(),
  ro: Type.Boolean(),
  mountpoints: Type.Array(Type.Union([Type.String(), Type.Null()])),
  fstype: Text,
  label: Text,
  uuid: Text,
  partlabel: Text,
}
/** A partition may hold an encrypted device, that a file system. */
const Inner = Type.Object({
  ...fields,
  children: Type.Optional(Type.Array(Type.Object({ ...fields, children: Type.Optional(Type.Array(Type.Object(fields))) }))),
})
const Disk = Type.Object({ ...fields, children: Type.Optional(Type.Array(Inner)) })
const Lsblk = Type.Object({ blockdevices: Type.Array(Disk) })
export type LsblkDisk = Static<typeof Disk>

interface Part {
  path: string
  size: number
  fstype?: string | null
  label?: string | null
  uuid?: string | null
  partlabel?: string | null
  mountpoints: (string | null)[]
}

export async function readDisks(tools: Tools): Promise<LsblkDisk[]> {
  const text = await tools.run('lsblk', ['--json', '--bytes', '--output', columns.join(',')])
  const { blockdevices } = readJson(Lsblk, text, 'lsblk')
  return blockdevices.filter(({ type, size, path }) => type === 'disk' && size > 0 && !/^\/dev\/(zram|ram|fd|nbd)/.test(path))
}

export function diskInfo(disk: LsblkDisk): DiskInfo {
  const parts = partsOf(disk)
  const own = holtPart(disk)
  const name = [disk.vendor, disk.model]
    .map((text) => plain(text))
    .filter(Boolean)
    .join(' ')
  const serial = plain(disk.serial)
  return {
    device: disk.path,
    name: name || 'Drive',
    serial,
    sizeBytes: disk.size,
    removable: disk.rm || disk.tran === 'usb',
    connection: plain(disk.tran),
    role: isSystem(disk, parts)
      ? 'system'
      : own !== null
        ? 'holt'
        : parts.some(({ fstype }) => fstype) || (disk.children ?? []).length > 0
          ? 'foreign'
          : 'empty',
    folder: own?.mountpoints.find((folder) => folder?.startsWith(`${DRIVES_FOLDER}/`)) ?? null,
    contents: parts
      .filter(({ fstype }) => fstype)
      .map(({ fstype, label, size }) => ({ type: plain(fstype), label: plain(label), sizeBytes: size })),
    consent: `erase ${serial || name || disk.path}`,
  }
}

/** The partition that was made for Holt, or null. */
export function holtPart(disk: LsblkDisk): Part | null {
  return partsOf(disk).find(({ label, fstype }) => label === DRIVE_LABEL && fstype === 'ext4') ?? null
}

/** The disk itself, its partitions, and what is opened from them. */
export function partsOf(disk: LsblkDisk): Part[] {
  return [
    disk,
    ...(disk.children ?? []).flatMap((inner) => [inner, ...(inner.children ?? []).flatMap((one) => [one, ...(one.children ?? [])])]),
  ]
}

/** Whatever the box runs from, in any way, is not offered: a name of ours, something mounted outside of where drives go, or swap. */
function isSystem(disk: LsblkDisk, parts: readonly Part[]): boolean {
  return (
    parts.some(
      ({ partlabel, mountpoints }) =>
        /^holt-(esp|a|b|data)$/.test(partlabel ?? '') ||
        mountpoints.some(
          (folder) => folder !== null && folder !== '' && !folder.startsWith(`${DRIVES_FOLDER}/`) && !folder.startsWith('/run/media/'),
        ),
    ) || disk.ro
  )
}

/** What a drive says of itself is a stranger's text. */
function plain(text: string | null | undefined): string {
  return (text ?? '')
    .replace(/[^ -~]/g, '?')
    .trim()
    .slice(0, 64)
}
