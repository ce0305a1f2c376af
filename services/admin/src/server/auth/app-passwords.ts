import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { AppPasswordInfo, AppPasswordWish } from '@holt/control/app-passwords.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import { hashPassword, type PasswordCost, PasswordHash, passwordFits } from './password.ts'

const strict = { additionalProperties: false }
const AppPasswordRecord = Type.Object(
  {
    /** The first five characters of the password. */
    id: Type.String({ pattern: '^[2-9A-Y]{5}$' }),
    /** Of the whole password, as typed: with its dashes. */
    hash: PasswordHash,
    person: Type.String({ pattern: '^(owner|[0-9a-f]{12})$' }),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    path: Type.String({ minLength: 1, maxLength: 4096 }),
    write: Type.Boolean(),
    createdMs: Type.Integer(),
    usedMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  strict,
)
export type AppPassword = Static<typeof AppPasswordRecord>
const AppPasswordFile = Type.Object({ v: Type.Literal(1), passwords: Type.Array(AppPasswordRecord) }, strict)

/** No 0 O, 1 I L, 5 S, 8 B, U V Z: it is typed on telephones. Twenty of 24 are 91 bits. */
const ALPHABET = '234679ACDEFGHJKMNPQRTWXY'
const GROUP = 5
const GROUPS = 5
const MOST_PASSWORDS = 128
const MOST_KNOWN = 256
const USED_STEP_MS = 60 * 60_000

/**
 * Passwords that Holt makes for programs which speak WebDAV; in `web/app-passwords.json`, each only as a slow hash. Programs send theirs with every request,
 * so what fitted once is known again, until the node ends or it is revoked, by a keyed hash under a key that only this process has.
 */
export class AppPasswords {
  readonly #file: JsonFile<typeof AppPasswordFile>
  readonly #now: () => number
  readonly #cost: PasswordCost | undefined
  readonly #key = randomBytes(32)
  readonly #known = new Map<string, string>()
  readonly #underWay = new Map<string, Promise<AppPassword | null>>()
  #passwords = new Map<string, AppPassword>()

  private constructor(folder: string, { now = Date.now, cost }: { now?: () => number; cost?: PasswordCost }) {
    this.#file = new JsonFile(join(folder, 'app-passwords.json'), AppPasswordFile)
    this.#now = now
    this.#cost = cost
  }

  static async open(folder: string, options: { now?: () => number; cost?: PasswordCost } = {}): Promise<AppPasswords> {
    const passwords = new AppPasswords(folder, options)
    for (const one of (await passwords.#file.read())?.passwords ?? []) passwords.#passwords.set(one.id, one)
    return passwords
  }

  listOf(person: string): AppPasswordInfo[] {
    return [...this.#passwords.values()]
      .filter((one) => one.person === person)
      .reverse()
      .map(infoOf)
  }

  /** @returns what the program is given, once. @throws HoltError TOO_LARGE. */
  async make(person: string, { name, path, write }: AppPasswordWish): Promise<{ password: string; info: AppPasswordInfo }> {
    if (this.#passwords.size >= MOST_PASSWORDS) throw new HoltError('TOO_LARGE', 'there are too many app passwords: revoke some')
    const groups = Array.from({ length: GROUPS }, group)
    while (this.#passwords.has(groups[0] as string)) groups[0] = group()
    const password = groups.join('-')
    const hash = await hashPassword(password, this.#cost)
    const record = { id: groups[0] as string, hash, person, name, path, write, createdMs: this.#now(), usedMs: null }
    await this.#save([...this.#passwords.values(), record])
    this.#passwords.set(record.id, record)
    return { password, info: infoOf(record) }
  }

  /** What fitted before, at once; null says nothing. */
  known(given: string): AppPassword | null {
    const id = this.#known.get(this.#markOf(given))
    const found = id === undefined ? undefined : this.#passwords.get(id)
    if (found === undefined) return null
    this.#used(found)
    return found
  }

  /**
   * Looks slowly, once for all who ask the same meanwhile.
   *
   * @param begin called before it looks at a password that may be one; gives what is called when it was.
   * @returns null for what is none, or was revoked. @throws what `begin` throws.
   */
  check(given: string, begin: () => () => void): Promise<AppPassword | null> {
    const mark = this.#markOf(given)
    const before = this.#underWay.get(mark)
    if (before !== undefined) return before
    const right = begin()
    const looking = this.#look(given, mark, right).finally(() => this.#underWay.delete(mark))
    this.#underWay.set(mark, looking)
    return looking
  }

  async #look(given: string, mark: string, right: () => void): Promise<AppPassword | null> {
    const text = given.toUpperCase()
    // its beginning is shown in lists: that no password has it is no secret
    const found = this.#passwords.get(text.slice(0, GROUP))
    if (found === undefined || !(await passwordFits(text, found.hash))) return null
    // it may have been revoked meanwhile
    if (this.#passwords.get(found.id) !== found) return null
    right()
    this.#known.set(mark, found.id)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest)
    this.#used(found)
    return found
  }

  /** @throws HoltError NOT_FOUND. */
  async revoke(person: string, id: string): Promise<AppPasswordInfo> {
    const found = this.#passwords.get(id.toUpperCase())
    if (found?.person !== person) throw new HoltError('NOT_FOUND', 'there is no such app password')
    // At once, whatever becomes of the file.
    this.#passwords.delete(found.id)
    await this.#save([...this.#passwords.values()])
    return infoOf(found)
  }

  async revokeAllOf(person: string): Promise<void> {
    for (const [id, one] of this.#passwords) if (one.person === person) this.#passwords.delete(id)
    await this.#save([...this.#passwords.values()])
  }

  #used(one: AppPassword): void {
    const now = this.#now()
    if (one.usedMs !== null && now - one.usedMs <= USED_STEP_MS) return
    one.usedMs = now
    this.#save([...this.#passwords.values()]).catch(() => {})
  }

  #markOf(given: string): string {
    return createHmac('sha256', this.#key).update(given).digest('base64')
  }

  #save(passwords: AppPassword[]): Promise<void> {
    return this.#file.write({ v: 1, passwords })
  }
}

function group(): string {
  return Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

function infoOf({ id, name, path, write, createdMs, usedMs }: AppPassword): AppPasswordInfo {
  return { id, name, path, write, createdMs, usedMs }
}
