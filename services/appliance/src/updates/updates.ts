import type { BundleInfo, UpdateStatus } from '@holt/control/box/methods.ts'
import type { CallOptions, Progress } from '@holt/control/schema.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { readIfThere } from '../system/durable-file.ts'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'

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
          }),
        ),
      }),
    ),
  ),
})

const RaucInfo = Type.Object({ compatible: Type.String(), version: Text, description: Text, build: Text })

const INSTALL_LIMIT_MS = 60 * 60_000

/** The two slots, through `rauc`. Which bundles are taken is its rule: our signature, our kind of box, not older than what runs. */
export class Updates {
  readonly #tools: Tools
  readonly #outside: Tools
  readonly #refusalFile: string
  #installing = false

  /**
   * @param options.outside with the right to read the node's files, as the service of rauc has it.
   * @param options.refusalFile where the check of the running system leaves why it refused a bundle: rauc does not pass that on.
   */
  constructor(tools: Tools, { outside = tools, refusalFile = '/run/holt/update-refused' }: { outside?: Tools; refusalFile?: string } = {}) {
    this.#tools = tools
    this.#outside = outside
    this.#refusalFile = refusalFile
  }

  async status(): Promise<UpdateStatus> {
    let text: string
    try {
      text = await this.#tools.run('rauc', ['status', '--detailed', '--output-format=json'])
    } catch (error) {
      if (isHoltError(error, 'DEPENDENCY_MISSING')) return { available: false, compatible: '', booted: null, version: null, slots: [] }
      throw error
    }
    const { compatible, booted, slots } = readJson(RaucStatus, text, 'rauc')
    const all = slots.flatMap((slot) => Object.entries(slot)).map(([name, slot]) => slotInfo(name, slot))
    const running = all.find(({ bootname }) => bootname === booted)
    return { available: true, compatible, booted: running?.name ?? null, version: running?.version ?? null, slots: all }
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
      await this.#tools.run('rauc', ['install', path], { signal, onOutput, timeoutMs: INSTALL_LIMIT_MS })
    } catch (error) {
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
  slot_status?: { bundle?: { version?: string }; installed?: { timestamp?: string } }
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
