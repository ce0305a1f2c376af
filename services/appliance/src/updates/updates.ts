import type { BundleInfo, UpdateStatus } from '@holt/control/box/methods.ts'
import type { CallOptions, Progress } from '@holt/control/schema.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { readIfThere } from '../system/durable-file.ts'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'
import { isOnTrial } from './trial.ts'

const Text = Type.Optional(Type.String())

const RaucStatus = Type.Object({
  compatible: Type.String(),
  booted: Type.String({ description: 'bootname of the running slot' }),
  boot_primary: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  slots: Type.Array(
    Type.Record(
      Type.String(),
      Type.Object({
        class: Type.String(),
        state: Type.String(),
        bootname: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        boot_status: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        slot_status: Type.Optional(
          Type.Object({
            bundle: Type.Optional(Type.Object({ version: Text })),
            installed: Type.Optional(Type.Object({ timestamp: Text })),
            activated: Type.Optional(Type.Object({ timestamp: Text })),
            status: Text,
          }),
        ),
      }),
    ),
  ),
})

const RaucInfo = Type.Object({ compatible: Type.String(), version: Text, description: Text, build: Text })

const INSTALL_LIMIT_MS = 60 * 60_000

export interface UpdatesOptions {
  /** With the right to read the node's files, as the service of rauc has it. */
  outside?: Tools
  /** Where the check of the running system leaves why it refused a bundle: rauc does not pass that on. */
  refusalFile?: string
  /** The version of the running system by its own words: that of a slot which no bundle was written to. */
  runningVersion?: () => Promise<string | null>
}

/** The two slots, through `rauc`. Which bundles are taken is its rule: our signature, our kind of box, not older than what runs. */
export class Updates {
  readonly #tools: Tools
  readonly #outside: Tools
  readonly #refusalFile: string
  readonly #runningVersion: () => Promise<string | null>
  #installing = false

  constructor(
    tools: Tools,
    { outside = tools, refusalFile = '/run/holt/update-refused', runningVersion = async () => null }: UpdatesOptions = {},
  ) {
    this.#tools = tools
    this.#outside = outside
    this.#refusalFile = refusalFile
    this.#runningVersion = runningVersion
  }

  async status(): Promise<UpdateStatus> {
    let text: string
    try {
      text = await this.#tools.run('rauc', ['status', '--detailed', '--output-format=json'])
    } catch (error) {
      if (isHoltError(error, 'DEPENDENCY_MISSING')) return notUpdated
      throw error
    }
    const { compatible, booted, boot_primary: primary, slots } = readJson(RaucStatus, text, 'rauc')
    const all = slots.flatMap((slot) => Object.entries(slot))
    const running = all.find(([, { bootname }]) => bootname === booted)
    return {
      available: true,
      compatible,
      booted: running?.[0] ?? null,
      version: (await this.#runningVersion()) ?? running?.[1].slot_status?.bundle?.version ?? null,
      onTrial: await isOnTrial(this.#tools),
      next: primary && primary !== running?.[0] ? primary : null,
      fellBackFrom: all.map(([, slot]) => failedVersion(slot)).find((version) => version !== null) ?? null,
      slots: all.map(([name, slot]) => slotInfo(name, slot)),
    }
  }

  /** @throws HoltError SIGNATURE_INVALID, NOT_FOUND, SYSTEM_REFUSED. */
  async inspect(path: string): Promise<BundleInfo> {
    const text = await this.#outside.run('rauc', ['info', '--output-format=json', path]).catch((error: unknown) => {
      throw understood(error)
    })
    const { compatible, version = '', description = '', build = '' } = readJson(RaucInfo, text, 'rauc')
    return { compatible, version, description, build }
  }

  /** What is half written when it is cancelled is never started. @throws HoltError as `inspect`, ROLLED_BACK, CONFLICT while another runs. */
  async install(path: string, { signal, onProgress }: CallOptions): Promise<void> {
    if (this.#installing) throw new HoltError('CONFLICT', 'an update is being installed')
    this.#installing = true
    try {
      const onOutput = (text: string): void => {
        const progress = progressOf(text)
        if (progress !== null) onProgress?.(progress)
      }
      // whoever asks looks for the file first: in a folder of the node we could not
      await this.#outside.run('rauc', ['install', path], { signal, onOutput, timeoutMs: INSTALL_LIMIT_MS })
    } catch (error) {
      // the service of rauc writes on when who asked it is gone; the slot it was writing stays marked as bad
      if (isHoltError(error, 'CANCELLED')) await this.#tools.run('systemctl', ['try-restart', 'rauc.service'])
      throw (await this.#refusal(error)) ?? understood(error)
    } finally {
      this.#installing = false
    }
  }

  /** What the running system itself had against the bundle; null when it was something else that failed. */
  async #refusal(error: unknown): Promise<HoltError | null> {
    if (!isHoltError(error, 'SYSTEM_REFUSED') || !/Pre-install handler/i.test(error.message)) return null
    const reason = (await readIfThere(this.#refusalFile))?.trim()
    if (!reason) return null
    return new HoltError(
      / older than /.test(reason) ? 'ROLLED_BACK' : 'SYSTEM_REFUSED',
      `the update was refused: ${reason}`,
      {},
      { cause: error },
    )
  }

  async markGood(): Promise<void> {
    await this.#tools.run('rauc', ['status', 'mark-good'])
  }
}

interface RaucSlot {
  state: string
  bootname?: string | null
  boot_status?: string | null
  slot_status?: {
    bundle?: { version?: string }
    installed?: { timestamp?: string }
    activated?: { timestamp?: string }
    status?: string
  }
}

const notUpdated: UpdateStatus = {
  available: false,
  compatible: '',
  booted: null,
  version: null,
  onTrial: false,
  next: null,
  fellBackFrom: null,
  slots: [],
}

/** The version in a slot that was whole, was told to start, and is bad by now; null for any other. */
function failedVersion({ state, boot_status, slot_status = {} }: RaucSlot): string | null {
  const { bundle, installed, activated, status } = slot_status
  const wasStarted = status === 'ok' && Date.parse(activated?.timestamp ?? '') >= Date.parse(installed?.timestamp ?? '')
  return wasStarted && state !== 'booted' && boot_status === 'bad' ? (bundle?.version ?? null) : null
}

function slotInfo(name: string, { state, bootname, boot_status, slot_status }: RaucSlot): UpdateStatus['slots'][number] {
  return {
    name,
    bootname: bootname ?? '',
    state: state === 'booted' || state === 'active' ? state : 'inactive',
    bootStatus: boot_status === 'good' || boot_status === 'bad' ? boot_status : 'unknown',
    version: slot_status?.bundle?.version ?? null,
    installed: slot_status?.installed?.timestamp ?? null,
  }
}

/** ' 40% Checking slot rootfs.1': of a piece of output, the last. */
export function progressOf(text: string): Progress | null {
  const last = [...text.matchAll(/^\s*(\d{1,3})% (.{1,200})$/gm)].at(-1)
  if (last === undefined || Number(last[1]) > 100) return null
  return { phase: 'install', doneBytes: 0, totalBytes: 0, doneItems: Number(last[1]), totalItems: 100, path: last[2] as string }
}

/** rauc says in words what went wrong. */
function understood(error: unknown): unknown {
  if (!isHoltError(error, 'SYSTEM_REFUSED')) return error
  const { message } = error
  if (/signature|certificate|verif|CMS/i.test(message))
    return new HoltError('SIGNATURE_INVALID', `this update is not signed by who makes Holt: ${message}`, {}, { cause: error })
  if (/No such file/i.test(message)) return new HoltError('NOT_FOUND', 'there is no such file', {}, { cause: error })
  return error
}
