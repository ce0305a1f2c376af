import { setTimeout as wait } from 'node:timers/promises'
import type {
  DiskHealth,
  DiskInfo,
  SshStatus,
  TimeStatus,
  TpmStatus,
  UpdateOffer,
  UpdatePlan,
  UpdateStatus,
} from '@holt/control/box/methods.ts'
import { RESET_CONSENT } from '@holt/control/box/consent.ts'
import type { CallOptions, MethodName, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>, options: CallOptions) => Promise<Result<Name>> | Result<Name> }

const GOOD: DiskHealth = { state: 'good', temperature: 34, hours: 2100, defects: 0, wearPercent: null, problems: [] }

export const RECOVERY_KEY = 'cbdefghi-jklnrtuv-bdefghij-klnrtuvc-defghijk-lnrtuvcb-efghijkl-nrtuvcbd'

/** The machine of a box in memory: slots that can be written, drives that can be erased, a switch. Nothing of it is real. */
export class MemoryBoxMachine {
  updates: UpdateStatus = {
    available: true,
    compatible: 'holt-x86_64-efi',
    booted: 'rootfs.0',
    version: '0.1.0',
    onTrial: false,
    next: null,
    fellBackFrom: null,
    slots: [
      { name: 'rootfs.0', bootname: 'A', state: 'booted', bootStatus: 'good', version: '0.1.0', installed: '2026-10-02T09:12:00Z' },
      { name: 'rootfs.1', bootname: 'B', state: 'inactive', bootStatus: 'good', version: '0.0.9', installed: '2026-08-20T03:20:00Z' },
    ],
  }
  plan: UpdatePlan = { automatic: true, fromHour: 3, hours: 2, spreadDays: 3, treeFolder: '/updates' }
  offers: UpdateOffer[] = []
  /** What `updates.look` finds in the tree. */
  inTree: UpdateOffer[] = []
  begins: number | null = null
  disks: DiskInfo[] = [
    disk('/dev/nvme0n1', { name: 'Otter NVMe 256', serial: 'OT256', sizeBytes: 256e9, connection: 'nvme', role: 'system' }),
    disk('/dev/sda', {
      name: 'Birch Portable',
      serial: 'BP4711',
      sizeBytes: 2e12,
      removable: true,
      connection: 'usb',
      role: 'foreign',
      contents: [{ type: 'ntfs', label: 'Holiday', sizeBytes: 2e12 }],
    }),
  ]
  readonly health = new Map<string, DiskHealth>()
  /** What was asked of the switch: restart, shutdown, reset. */
  readonly power: string[] = []
  ssh: SshStatus = { enabled: false, running: false, keys: [], hostKey: null }
  time: TimeStatus = { now: 1_793_000_000, synchronized: true, zone: 'Europe/Berlin', server: 'pool.ntp.org' }
  tpm: TpmStatus = { present: true, version: '2.0', maker: 'STM', dataKeySealed: true, recoveryKey: false, endorsements: [] }
  readonly #steps: number
  readonly #stepMs: number

  constructor({ steps, stepMs }: { steps: number; stepMs: number }) {
    this.#steps = steps
    this.#stepMs = stepMs
  }

  readonly handlers: Handlers = {
    'box.updates.status': () => this.updates,
    'box.updates.plan': () => ({ plan: this.plan, offers: this.offers, begins: this.begins }),
    'box.updates.setPlan': ({ plan }) => {
      this.plan = plan
      return {}
    },
    'box.updates.look': async () => {
      await wait(this.#stepMs)
      this.offers = this.inTree
      return { plan: this.plan, offers: this.offers, begins: this.begins }
    },
    'box.updates.inspect': ({ path }) => {
      const offer = this.#offer(path)
      return { compatible: this.updates.compatible, version: offer.version, description: offer.changes, build: offer.built }
    },
    'box.updates.install': async ({ path }, options) => {
      const { version } = this.#offer(path)
      await this.#work('install', options)
      const slots = this.updates.slots.map((slot) =>
        slot.state === 'booted' ? slot : { ...slot, version, installed: new Date().toISOString() },
      )
      this.updates = { ...this.updates, slots, next: 'rootfs.1' }
      return {}
    },
    'box.disks.list': () => ({ disks: this.disks }),
    'box.disks.health': ({ device }) => this.health.get(device) ?? GOOD,
    'box.disks.prepare': async ({ device, consent }, options) => {
      const found = this.disks.find((one) => one.device === device)
      if (found === undefined) throw new HoltError('NOT_FOUND', `there is no drive ${device}`)
      if (consent !== found.consent) throw new HoltError('CONSENT_MISSING', `type '${found.consent}' to agree`)
      await this.#work('prepare', options)
      const folder = `/data/drives/${found.serial.toLowerCase()}`
      this.disks = this.disks.map((one) =>
        one === found ? { ...one, role: 'holt', folder, contents: [{ type: 'ext4', label: 'holt-drive', sizeBytes: one.sizeBytes }] } : one,
      )
      return { folder: `${folder}/holt` }
    },
    'box.power.restart': () => this.#switch('restart'),
    'box.power.shutdown': () => this.#switch('shutdown'),
    'box.power.factoryReset': ({ consent }) => {
      if (consent !== RESET_CONSENT) throw new HoltError('CONSENT_MISSING', `type '${RESET_CONSENT}' to agree`)
      return this.#switch('reset')
    },
    'box.ssh.get': () => this.ssh,
    'box.ssh.set': ({ enabled, keys }) => {
      if (enabled && keys.length === 0) throw new HoltError('INPUT_INVALID', 'without a key nobody could sign in', { field: 'keys' })
      const shown = keys.map((text) => {
        const [kind = '', , comment = ''] = text.split(' ')
        return { text, kind, comment, fingerprint: 'SHA256:k0trc2ftw1GqUSreLWuGt06I0vaG2gv4MXcDA4diPDc' }
      })
      const hostKey = enabled ? 'SHA256:7aIHZZF3YM5Cwb60Wq2Nl0yzosD/+nMeZl0E9g6RxiQ' : this.ssh.hostKey
      this.ssh = { enabled, running: enabled, keys: shown, hostKey }
      return {}
    },
    'box.time.get': () => this.time,
    'box.time.set': ({ now }) => {
      if (this.time.synchronized) throw new HoltError('CONFLICT', 'the clock is set by the network')
      this.time = { ...this.time, now }
      return {}
    },
    'box.tpm.status': () => this.tpm,
    'box.data.makeRecoveryKey': () => {
      this.tpm = { ...this.tpm, recoveryKey: true }
      return { key: RECOVERY_KEY }
    },
  }

  /** A path of none of the offers is a file that the owner gave: taken for a bundle when its name says so. */
  #offer(path: string): UpdateOffer {
    const known = this.offers.find((one) => one.path === path)
    if (known !== undefined) return known
    if (this.given === null) throw new HoltError('SIGNATURE_INVALID', 'signature verification failed')
    return { ...this.given, path }
  }

  /** What the next bundle that the owner gives is; null: one that is not signed. */
  given: Omit<UpdateOffer, 'path'> | null = { version: '0.3.0', changes: 'As a file.', built: '2026-11-20' }

  #switch(what: string): Record<string, never> {
    this.power.push(what)
    return {}
  }

  async #work(phase: string, { signal, onProgress }: CallOptions): Promise<void> {
    for (let step = 0; step <= this.#steps; step++) {
      if (signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
      onProgress?.({ phase, doneBytes: 0, totalBytes: 0, doneItems: step, totalItems: this.#steps })
      await wait(this.#stepMs)
    }
  }
}

function disk(device: string, more: Partial<DiskInfo>): DiskInfo {
  const info: DiskInfo = {
    device,
    name: 'Drive',
    serial: '',
    sizeBytes: 0,
    removable: false,
    connection: '',
    role: 'empty',
    folder: null,
    contents: [],
    consent: '',
    ...more,
  }
  return { ...info, consent: `erase ${info.serial || info.name}` }
}
