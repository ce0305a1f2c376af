import { randomBytes } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { HoltError } from '@holt/core/errors.ts'
import { readIfThere, writeDurably } from '../system/durable-file.ts'
import { sha512Crypt } from './sha512-crypt.ts'

/** Slow enough to make guessing dear, about a third of a second on a small board. */
const ROUNDS = 100_000

/** The passwords file; on a box it is a link to where it outlives updates. */
export class ShadowFile {
  readonly #path: string
  readonly #rounds: number

  constructor(path = '/etc/shadow', rounds = ROUNDS) {
    this.#path = path
    this.#rounds = rounds
  }

  /** False while the account is locked or has none. */
  async hasPassword(user: string): Promise<boolean> {
    const line = (await this.#lines()).find((one) => one.startsWith(`${user}:`))
    return line !== undefined && /^\$\w+\$/.test(line.split(':')[1] ?? '')
  }

  /** Takes the place of the whole file at once. @throws HoltError IO_FAILED. */
  async setPassword(user: string, password: string): Promise<void> {
    const salt = randomBytes(12).toString('base64').replaceAll('+', '.')
    const hash = sha512Crypt(password, salt, this.#rounds)
    const day = Math.floor(Date.now() / 86_400_000)
    const lines = await this.#lines()
    const at = lines.findIndex((line) => line.startsWith(`${user}:`))
    const fields = at < 0 ? [user, '', '', '0', '99999', '7', '', '', ''] : (lines[at] as string).split(':')
    fields[1] = hash
    fields[2] = String(day)
    if (at < 0) lines.push(fields.join(':'))
    else lines[at] = fields.join(':')
    await this.#replace(`${lines.join('\n')}\n`)
  }

  async #lines(): Promise<string[]> {
    return ((await readIfThere(this.#path)) ?? '').split('\n').filter((line) => line !== '')
  }

  async #replace(text: string): Promise<void> {
    try {
      const real = await realpath(this.#path)
      const { mode, uid, gid } = await stat(real)
      await writeDurably(real, text, { mode: mode & 0o777, owner: { uid, gid } })
    } catch (error) {
      throw new HoltError('IO_FAILED', `the password cannot be written: ${(error as Error).message}`, {}, { cause: error })
    }
  }
}
