import { createHash, randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { hasControlCharacters } from '@holt/control/box/control-characters.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import { Grant } from './caller.ts'
import { checkPasswordStrength, hashPassword, type PasswordCost, PasswordHash, passwordFits } from './password.ts'

const strict = { additionalProperties: false }
export const PersonName = Type.String({ minLength: 1, maxLength: 64 })
export const PersonRole = Type.Union([Type.Literal('member'), Type.Literal('guest')])
const Grants = Type.Array(Grant, { maxItems: 256 })

const PersonRecord = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    name: PersonName,
    role: PersonRole,
    /** A member's own folder; null for a guest. */
    home: Type.Union([Type.String({ maxLength: 4096 }), Type.Null()]),
    given: Grants,
    password: PasswordHash,
    createdMs: Type.Integer(),
  },
  strict,
)
export type Person = Static<typeof PersonRecord>

const InvitationRecord = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    /** SHA-256 of the code, hex. */
    hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    name: PersonName,
    role: PersonRole,
    given: Grants,
    createdMs: Type.Integer(),
    expiresMs: Type.Integer(),
  },
  strict,
)
export type Invitation = Static<typeof InvitationRecord>

const PeopleFile = Type.Object({ v: Type.Literal(1), people: Type.Array(PersonRecord), invitations: Type.Array(InvitationRecord) }, strict)

/** No 0 O, 1 I L, 5 S, 8 B, U V Z: some people type it. 25 of 24 are 114 bits: enough to be kept as a plain hash. */
const ALPHABET = '234679ACDEFGHJKMNPQRTWXY'
const CODE_LENGTH = 25
const MOST_PEOPLE = 64
const MOST_INVITATIONS = 64

/** Everybody but the owner: who was let in, what is theirs, and who is invited; in `web/people.json`. */
export class People {
  readonly #file: JsonFile<typeof PeopleFile>
  readonly #now: () => number
  readonly #cost: PasswordCost | undefined
  #people: Person[] = []
  #invitations: Invitation[] = []
  #decoy: Promise<PasswordHash> | null = null

  private constructor(file: JsonFile<typeof PeopleFile>, now: () => number, cost: PasswordCost | undefined) {
    this.#file = file
    this.#now = now
    this.#cost = cost
  }

  static async open(folder: string, { now = Date.now, cost }: { now?: () => number; cost?: PasswordCost } = {}): Promise<People> {
    const people = new People(new JsonFile(join(folder, 'people.json'), PeopleFile), now, cost)
    const stored = await people.#file.read()
    people.#people = stored?.people ?? []
    people.#invitations = stored?.invitations ?? []
    return people
  }

  list(): readonly Person[] {
    return this.#people
  }

  /** Those that can still be used. */
  invitations(): readonly Invitation[] {
    return this.#invitations.filter(({ expiresMs }) => expiresMs > this.#now())
  }

  get(id: string): Person | null {
    return this.#people.find((one) => one.id === id) ?? null
  }

  /** @throws HoltError NOT_FOUND. */
  the(id: string): Person {
    const found = this.get(id)
    if (found === null) throw new HoltError('NOT_FOUND', 'there is no such person', { person: id })
    return found
  }

  byName(name: string): Person | null {
    const wanted = sameName(name)
    return this.#people.find((one) => sameName(one.name) === wanted) ?? null
  }

  /** @returns the code, which is kept nowhere. @throws HoltError ALREADY_EXISTS, TOO_LARGE, NAME_INVALID. */
  async invite(wish: Pick<Invitation, 'name' | 'role' | 'given' | 'expiresMs'>): Promise<{ invitation: Invitation; code: string }> {
    const name = tidyName(wish.name)
    if (this.byName(name) !== null || sameName(name) === 'owner') throw new HoltError('ALREADY_EXISTS', 'somebody has this name already')
    const open = this.invitations()
    if (this.#people.length >= MOST_PEOPLE || open.length >= MOST_INVITATIONS) throw new HoltError('TOO_LARGE', 'there are too many people')
    const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
    const invitation = { ...wish, name, id: newId(), hash: hashOfCode(code), createdMs: this.#now() }
    await this.#replace(this.#people, [...open, invitation])
    return { invitation, code }
  }

  async withdraw(id: string): Promise<void> {
    if (!this.#invitations.some((one) => one.id === id)) throw new HoltError('NOT_FOUND', 'there is no such invitation')
    await this.#replace(
      this.#people,
      this.#invitations.filter((one) => one.id !== id),
    )
  }

  /** @throws HoltError NOT_FOUND for a code that is wrong, used, withdrawn or too old. */
  invitationOf(code: string): Invitation {
    const hash = hashOfCode(code)
    const found = this.invitations().find((one) => one.hash === hash)
    if (found === undefined) throw new HoltError('NOT_FOUND', 'this invitation does not hold (any more)')
    return found
  }

  /**
   * Makes a person of an invitation, which is used up by it.
   *
   * @param makeHome called once the invitation and the password are good; gives a member's folder.
   * @throws HoltError NOT_FOUND, PASSPHRASE_TOO_WEAK, ALREADY_EXISTS.
   */
  async accept(code: string, password: string, makeHome: (name: string) => Promise<string>): Promise<Person> {
    this.invitationOf(code)
    checkPasswordStrength(password)
    const hash = await hashPassword(password, this.#cost)
    const { id, name, role, given } = this.invitationOf(code)
    if (this.byName(name) !== null) throw new HoltError('ALREADY_EXISTS', 'somebody has this name already')
    // From here on nobody else can use it; it comes back when this fails.
    const before = this.#invitations
    this.#invitations = before.filter((one) => one.id !== id)
    try {
      const home = role === 'member' ? await makeHome(name) : null
      const person: Person = { id: newId(), name, role, home, given, password: hash, createdMs: this.#now() }
      await this.#replace([...this.#people, person], this.#invitations)
      return person
    } catch (error) {
      const back = before.find((one) => one.id === id)
      if (back && !this.#invitations.includes(back)) this.#invitations = [...this.#invitations, back]
      throw error
    }
  }

  async change(id: string, change: Partial<Pick<Person, 'name' | 'given' | 'role'>>): Promise<void> {
    const before = this.the(id)
    const name = change.name === undefined ? before.name : tidyName(change.name)
    const other = this.byName(name)
    if (other !== null && other.id !== id) throw new HoltError('ALREADY_EXISTS', 'somebody has this name already')
    await this.#update({ ...before, ...change, name })
  }

  /** @throws HoltError PASSPHRASE_TOO_WEAK. */
  async setPassword(id: string, password: string): Promise<void> {
    checkPasswordStrength(password)
    const hash = await hashPassword(password, this.#cost)
    await this.#update({ ...this.the(id), password: hash })
  }

  async remove(id: string): Promise<void> {
    this.the(id)
    await this.#replace(
      this.#people.filter((one) => one.id !== id),
      this.#invitations,
    )
  }

  /** A name that nobody has takes as long as one that somebody has. @throws HoltError SIGN_IN_FAILED. */
  async checkPassword(person: Person | null, password: string): Promise<void> {
    this.#decoy ??= hashPassword(randomBytes(16).toString('hex'), this.#cost)
    const stored = person?.password ?? (await this.#decoy)
    if ((await passwordFits(password, stored)) && person !== null) return
    throw new HoltError('SIGN_IN_FAILED', 'the name or the password is wrong')
  }

  async #update(person: Person): Promise<void> {
    await this.#replace(
      this.#people.map((one) => (one.id === person.id ? person : one)),
      this.#invitations,
    )
  }

  async #replace(people: Person[], invitations: Invitation[]): Promise<void> {
    await this.#file.write({ v: 1, people, invitations })
    this.#people = people
    this.#invitations = invitations
  }
}

/** What was shared, and for a member the home. A guest writes nowhere. */
export function grantsOf({ role, home, given }: Pick<Person, 'role' | 'home' | 'given'>): Grant[] {
  const shared = given.map(({ path, write }) => ({ path, write: write && role === 'member' }))
  return home === null ? shared : [{ path: home, write: true }, ...shared]
}

function tidyName(name: string): string {
  const tidy = name.normalize('NFC').replace(/\s+/g, ' ').trim()
  const odd = tidy === '' || hasControlCharacters(tidy) || /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u.test(tidy)
  if (odd) throw new HoltError('NAME_INVALID', 'a name of a person needs letters that can be seen')
  return tidy
}

function sameName(name: string): string {
  return name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()
}

function newId(): string {
  return randomBytes(6).toString('hex')
}

function hashOfCode(code: string): string {
  return createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest('hex')
}
