import type { Control } from '@holt/control/schema.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'

/** The account of the box cannot be asked: there is none, or what keeps it does not answer now. The page's own hash decides then. */
const notAsked = new Set<HoltErrorCode>([
  'NOT_A_BOX',
  'UNKNOWN_METHOD',
  'HELPER_NOT_RUNNING',
  'DEPENDENCY_MISSING',
  'SYSTEM_REFUSED',
  'IO_FAILED',
  // its delay counts everybody's tries together; ours keeps strangers from shutting the owner out
  'TOO_MANY_TRIES',
])

/** On a box the owner's password is that of a Linux account too, checked by PAM. */
export class BoxAccount {
  readonly #control: Control

  constructor(control: Control) {
    this.#control = control
  }

  /** @returns whether the account has this password now; it keeps another one that the caller does not know. */
  async setPassword(password: string, oldPassword?: string): Promise<boolean> {
    try {
      await this.takePassword(password, oldPassword)
      return true
    } catch (error) {
      if (isHoltError(error) && (notAsked.has(error.code) || error.code === 'SIGN_IN_FAILED' || error.code === 'INPUT_INVALID'))
        return false
      throw error
    }
  }

  /** @throws HoltError as the helper does. */
  async takePassword(password: string, oldPassword?: string): Promise<void> {
    await this.#control.call('box.accounts.setPassword', { password, ...(oldPassword === undefined ? {} : { oldPassword }) })
  }

  /** null when nobody could be asked. */
  async fits(password: string): Promise<boolean | null> {
    try {
      await this.#control.call('box.accounts.verify', { password })
      return true
    } catch (error) {
      if (isHoltError(error, 'SIGN_IN_FAILED')) return false
      if (isHoltError(error) && (notAsked.has(error.code) || error.code === 'INPUT_INVALID')) return null
      throw error
    }
  }
}
