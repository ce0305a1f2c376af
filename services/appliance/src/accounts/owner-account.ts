import { hasControlCharacters } from '@holt/control/box/control-characters.ts'
import { HoltError } from '@holt/core/errors.ts'
import { GrowingDelay } from './growing-delay.ts'
import type { PamCheck } from './pam.ts'
import type { ShadowFile } from './shadow.ts'

export const OWNER = 'owner'
const MINIMUM_LENGTH = 10
const MAXIMUM_BYTES = 512

/** The one account of people on a box. It has no password until its owner sets one. */
export class OwnerAccount {
  readonly #shadow: ShadowFile
  readonly #pam: PamCheck
  readonly #delay: GrowingDelay
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ shadow, pam, now }: { shadow: ShadowFile; pam: PamCheck; now: () => number }) {
    this.#shadow = shadow
    this.#pam = pam
    this.#delay = new GrowingDelay(now)
  }

  hasPassword(): Promise<boolean> {
    return this.#shadow.hasPassword(OWNER)
  }

  /** One after the other: many at once would be many tries for one delay. @throws HoltError SIGN_IN_FAILED, TOO_MANY_TRIES. */
  verify(password: string): Promise<void> {
    return this.#inTurn(() => this.#verify(password))
  }

  /** @throws HoltError PASSPHRASE_TOO_WEAK, SIGN_IN_FAILED when the old one is wrong or missing, TOO_MANY_TRIES. */
  setPassword(password: string, oldPassword?: string): Promise<void> {
    return this.#inTurn(async () => {
      checkPassword(password)
      if (await this.hasPassword()) await this.#verify(oldPassword ?? '')
      await this.#shadow.setPassword(OWNER, password)
    })
  }

  async #verify(password: string): Promise<void> {
    this.#delay.check()
    if (password !== '' && !password.includes('\0') && (await this.hasPassword()) && (await this.#pam(OWNER, password))) {
      this.#delay.succeeded()
      return
    }
    this.#delay.failed()
    throw new HoltError('SIGN_IN_FAILED', 'the password is wrong')
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

function checkPassword(password: string): void {
  if (hasControlCharacters(password) || Buffer.byteLength(password) > MAXIMUM_BYTES)
    throw new HoltError('INPUT_INVALID', 'the password has characters that cannot be typed, or is too long', { field: 'password' })
  if (password.length >= MINIMUM_LENGTH && new Set(password.toLowerCase()).size >= 5) return
  throw new HoltError(
    'PASSPHRASE_TOO_WEAK',
    `the password needs at least ${MINIMUM_LENGTH} characters, and not the same few again and again`,
    {
      minimumLength: MINIMUM_LENGTH,
    },
  )
}
