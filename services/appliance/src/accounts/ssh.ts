import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SshStatus } from '@holt/control/box/methods.ts'
import { HoltError } from '@holt/core/errors.ts'
import { readIfThere, syncFolder, writeDurably } from '../system/durable-file.ts'
import type { Tools } from '../system/tools.ts'

const UNIT = 'holt-ssh.service'
/** The first start makes the keys of the host. */
const START_LIMIT_MS = 90_000

export interface SshOptions {
  /** Where the switch and the keys outlive an update. */
  keptFolder: string
  hostKeyFile: string
}

/** SSH for the owner: off until it is turned on, and by keys only. */
export class Ssh {
  readonly #tools: Tools
  readonly #switch: string
  readonly #keysFile: string
  readonly #hostKeyFile: string

  constructor(tools: Tools, { keptFolder, hostKeyFile }: SshOptions) {
    this.#tools = tools
    this.#switch = join(keptFolder, 'enabled', 'ssh')
    this.#keysFile = join(keptFolder, 'ssh-keys')
    this.#hostKeyFile = hostKeyFile
  }

  async status(): Promise<SshStatus> {
    const said = await this.#tools.run('systemctl', ['is-active', UNIT], { allowed: () => true })
    const host = parseKey((await readIfThere(this.#hostKeyFile)) ?? '')
    return {
      enabled: (await readIfThere(this.#switch)) !== null,
      running: said.trim() === 'active',
      keys: ((await readIfThere(this.#keysFile)) ?? '').split('\n').flatMap((line) => parseKey(line) ?? []),
      hostKey: host?.fingerprint ?? null,
    }
  }

  /** @throws HoltError INPUT_INVALID for what is no key, or when nobody could come in; SYSTEM_REFUSED when it does not start. */
  async set(enabled: boolean, keys: readonly string[]): Promise<void> {
    keys.forEach((key, at) => {
      if (parseKey(key) === null) throw new HoltError('INPUT_INVALID', 'this is no public key', { field: `keys.${at}` })
    })
    if (enabled && keys.length === 0) throw new HoltError('INPUT_INVALID', 'without a key nobody could sign in', { field: 'keys' })
    // sshd reads it as the one who signs in
    await writeDurably(this.#keysFile, keys.map((key) => `${key.trim()}\n`).join(''), { mode: 0o644 })
    if (enabled) await this.#turnOn()
    else await this.#turnOff()
  }

  async #turnOn(): Promise<void> {
    await writeDurably(this.#switch, '')
    await this.#tools.run('systemctl', ['start', UNIT], { timeoutMs: START_LIMIT_MS })
  }

  /** Also those who are in have to go. */
  async #turnOff(): Promise<void> {
    if ((await readIfThere(this.#switch)) !== null) {
      await rm(this.#switch, { force: true })
      await syncFolder(dirname(this.#switch))
    }
    await this.#tools.run('systemctl', ['stop', UNIT])
  }
}

/** null for what is no public key: the key itself repeats its kind. The fingerprint is that of ssh-keygen -l. */
export function parseKey(line: string): SshStatus['keys'][number] | null {
  const [, kind = '', encoded = '', comment = ''] = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})(?: ([ -~]*))?$/.exec(line.trim()) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== kind.length || bytes.toString('latin1', 4, 4 + kind.length) !== kind) return null
  const fingerprint = `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`
  return { text: line.trim(), kind, comment, fingerprint }
}
