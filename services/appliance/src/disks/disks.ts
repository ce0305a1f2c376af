import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskInfo } from '@holt/control/box/methods.ts'
import type { CallOptions } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Tools } from '../system/tools.ts'
import { diskInfo, DRIVE_LABEL, DRIVES_FOLDER, holtPart, type LsblkDisk, readDisks } from './disk-list.ts'

const NODE_USER = 'holt'
const FORMAT_LIMIT_MS = 15 * 60_000

export interface DisksOptions {
  tools: Tools
  /** With the right to change drives. */
  outside: Tools
  log: (text: string) => void
  drivesFolder?: string
}

/** Extra drives: found, offered, never touched unasked. */
export class Disks {
  readonly #tools: Tools
  readonly #outside: Tools
  readonly #log: (text: string) => void
  readonly #folder: string
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ tools, outside, log, drivesFolder = DRIVES_FOLDER }: DisksOptions) {
    this.#tools = tools
    this.#outside = outside
    this.#log = log
    this.#folder = drivesFolder
  }

  async list(): Promise<DiskInfo[]> {
    return (await readDisks(this.#tools)).map(diskInfo)
  }

  /** Drives that were made for Holt, wherever they were plugged in since. What cannot be mounted is told, and left alone. */
  mountAll(): Promise<void> {
    return this.#inTurn(async () => {
      for (const disk of await readDisks(this.#tools)) {
        if (diskInfo(disk).role !== 'holt' || diskInfo(disk).folder !== null) continue
        await this.#mount(disk).catch((error: Error) => this.#log(`${disk.path} cannot be mounted: ${error.message}`))
      }
    })
  }

  /**
   * Erases a whole drive and makes it one for Holt.
   *
   * @throws HoltError NOT_FOUND, CONSENT_MISSING, DRIVE_IN_USE when the box runs from it or it is one already.
   */
  prepare(device: string, consent: string, { onProgress }: CallOptions): Promise<{ folder: string }> {
    return this.#inTurn(async () => {
      const disk = await this.#mayErase(device, consent)
      const step = (doneItems: number): void => onProgress?.({ phase: 'prepare', doneBytes: 0, totalBytes: 0, doneItems, totalItems: 4 })
      for (const { path, mountpoints } of disk.children ?? []) if (mountpoints.some(Boolean)) await this.#outside.run('umount', [path])
      step(0)
      await this.#outside.run('wipefs', ['--all', '--quiet', ...(disk.children ?? []).map(({ path }) => path), device])
      await this.#outside.run('sfdisk', ['--quiet', '--wipe', 'always', '--label', 'gpt', device], {
        input: `type=linux, name=${DRIVE_LABEL}\n`,
      })
      await this.#tools.run('udevadm', ['settle', '--timeout=10'])
      step(1)
      const part = (await this.#find(device)).children?.[0]?.path
      if (part === undefined) throw new HoltError('IO_FAILED', `${device} did not take a partition`, { device })
      await this.#outside.run('mkfs.ext4', ['-q', '-F', '-m', '0', '-L', DRIVE_LABEL, '-E', 'root_owner=0:0', part], {
        timeoutMs: FORMAT_LIMIT_MS,
      })
      await this.#tools.run('udevadm', ['settle', '--timeout=10'])
      step(3)
      const folder = await this.#mount(await this.#find(device))
      step(4)
      return { folder: join(folder, 'holt') }
    })
  }

  async #mayErase(device: string, consent: string): Promise<LsblkDisk> {
    const disk = await this.#find(device)
    const info = diskInfo(disk)
    if (info.role === 'system' || info.role === 'holt')
      throw new HoltError('DRIVE_IN_USE', `${device} is not a drive to erase`, { device, role: info.role })
    if (consent !== info.consent) throw new HoltError('CONSENT_MISSING', `type '${info.consent}' to agree`, { device })
    return disk
  }

  async #find(device: string): Promise<LsblkDisk> {
    const disk = (await readDisks(this.#tools)).find(({ path }) => path === device)
    if (disk === undefined) throw new HoltError('NOT_FOUND', `there is no drive ${device}`, { device })
    return disk
  }

  /** By systemd: what we mount ourselves nobody outside of our sandbox would see. */
  async #mount(disk: LsblkDisk): Promise<string> {
    const part = holtPart(disk)
    const uuid = part?.uuid ?? ''
    if (part === null || !/^[0-9a-f-]{36}$/.test(uuid))
      throw new HoltError('IO_FAILED', `${disk.path} has no file system for Holt`, { device: disk.path })
    const folder = join(this.#folder, uuid)
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const options = '--options=nodev,nosuid,noexec,noatime'
    await this.#tools.run('systemd-mount', ['--collect', '--fsck=yes', options, part.path, folder], { timeoutMs: FORMAT_LIMIT_MS })
    await this.#outside.run('install', ['-d', '-m', '0700', '-o', NODE_USER, '-g', NODE_USER, join(folder, 'holt')])
    return folder
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
