import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import type { BoxAccount } from './box-account.ts'
import { checkPasswordStrength, hashPassword, type PasswordCost, PasswordHash, passwordFits } from './password.ts'

const OwnerRecord = Type.Object({
  v: Type.Literal(1),
  /** In the names of the cookies: two nodes on one host do not sign each other out. */
  id: Type.String({ pattern: '^[0-9a-f]{8}$' }),
  password: Type.Union([PasswordHash, Type.Null()]),
  /** The account of the box has it too, and is asked first. */
  account: Type.Optional(Type.Boolean()),
  /** Set when this page made the root key: its words may be shown again until they are confirmed. */
  keyMadeHere: Type.Boolean(),
  wordsConfirmed: Type.Boolean(),
  setUpFinished: Type.Boolean(),
})
type OwnerRecord = Static<typeof OwnerRecord>

export interface OwnerOptions {
  account: BoxAccount
  cost?: PasswordCost
}

/** The owner of the page and how far the set-up went; survives restarts in `web/owner.json`. */
export class Owner {
  readonly #file: JsonFile<typeof OwnerRecord>
  readonly #cost: PasswordCost | undefined
  readonly #account: BoxAccount
  #record: OwnerRecord
  #settingFirst = false

  private constructor(file: JsonFile<typeof OwnerRecord>, record: OwnerRecord, { account, cost }: OwnerOptions) {
    this.#file = file
    this.#record = record
    this.#cost = cost
    this.#account = account
  }

  static async open(folder: string, options: OwnerOptions): Promise<Owner> {
    const file = new JsonFile(join(folder, 'owner.json'), OwnerRecord)
    const stored = await file.read()
    const owner = new Owner(file, stored ?? newRecord(), options)
    if (!stored) await owner.update({})
    return owner
  }

  get id(): string {
    return this.#record.id
  }

  get hasPassword(): boolean {
    return this.#record.password !== null
  }

  /** The account of the box has the same password. */
  get hasAccount(): boolean {
    return this.#record.account === true
  }

  get progress(): Readonly<Pick<OwnerRecord, 'keyMadeHere' | 'wordsConfirmed' | 'setUpFinished'>> {
    return this.#record
  }

  async update(change: Partial<Pick<OwnerRecord, 'keyMadeHere' | 'wordsConfirmed' | 'setUpFinished'>>): Promise<void> {
    await this.#replace({ ...this.#record, ...change })
  }

  /** @throws HoltError ALREADY_INITIALIZED, PASSPHRASE_TOO_WEAK. */
  async setFirstPassword(password: string): Promise<void> {
    if (this.hasPassword || this.#settingFirst) throw new HoltError('ALREADY_INITIALIZED', 'there is an owner password already')
    this.#settingFirst = true
    try {
      await this.setPassword(password)
    } finally {
      this.#settingFirst = false
    }
  }

  /** @throws HoltError PASSPHRASE_TOO_WEAK. */
  async setPassword(password: string, oldPassword?: string): Promise<void> {
    checkPasswordStrength(password)
    const hash = await hashPassword(password, this.#cost)
    const account = await this.#account.setPassword(password, oldPassword)
    await this.#replace({ ...this.#record, password: hash, account })
  }

  /**
   * Gives the account of the box the password of the page, which the caller has checked.
   *
   * @throws HoltError SIGN_IN_FAILED when the one it has is wrong or missing, HELPER_NOT_RUNNING …
   */
  async joinAccount(password: string, accountPassword?: string): Promise<void> {
    await this.#account.takePassword(password, accountPassword)
    await this.#replace({ ...this.#record, account: true })
  }

  /** @throws HoltError SIGN_IN_FAILED. */
  async checkPassword(password: string): Promise<void> {
    const { password: stored, account } = this.#record
    const known = account === true ? await this.#account.fits(password) : null
    if (known === true) return
    if (known === null && stored && (await passwordFits(password, stored))) return
    throw new HoltError('SIGN_IN_FAILED', 'the password is wrong')
  }

  async #replace(record: OwnerRecord): Promise<void> {
    await this.#file.write(record)
    this.#record = record
  }
}

function newRecord(): OwnerRecord {
  return { v: 1, id: randomBytes(4).toString('hex'), password: null, keyMadeHere: false, wordsConfirmed: false, setUpFinished: false }
}
