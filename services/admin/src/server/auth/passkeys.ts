import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import { type Assertion, readAuthenticatorData, readClientData, readPublicKey, type RelyingParty, signatureFits } from './webauthn.ts'

const strict = { additionalProperties: false }
const PasskeyRecord = Type.Object(
  {
    /** As the authenticator named it, base64url. */
    id: Type.String({ pattern: '^[\\w-]{1,1364}$' }),
    person: Type.String({ pattern: '^(owner|[0-9a-f]{12})$' }),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    /** The host name it holds for. */
    page: Type.String({ maxLength: 255 }),
    algorithm: Type.Integer(),
    /** SubjectPublicKeyInfo, base64. */
    publicKey: Type.String({ maxLength: 4096 }),
    counter: Type.Integer({ minimum: 0 }),
    createdMs: Type.Integer(),
    usedMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  strict,
)
export type Passkey = Static<typeof PasskeyRecord>
const PasskeyFile = Type.Object({ v: Type.Literal(1), passkeys: Type.Array(PasskeyRecord) }, strict)

export type Purpose = 'new' | 'sign-in' | 'confirm'
interface Challenge {
  purpose: Purpose
  /** null for a sign-in: the passkey says who. */
  person: string | null
  endsMs: number
}

const CHALLENGE_MS = 5 * 60_000
const MOST_CHALLENGES = 1024
const MOST_OF_A_PERSON = 16

/** Passkeys that open the page beside the passwords; in `web/passkeys.json`. Public keys only: who reads it cannot sign in. */
export class Passkeys {
  readonly #file: JsonFile<typeof PasskeyFile>
  readonly #now: () => number
  readonly #challenges = new Map<string, Challenge>()
  #passkeys: Passkey[] = []

  private constructor(file: JsonFile<typeof PasskeyFile>, now: () => number) {
    this.#file = file
    this.#now = now
  }

  static async open(folder: string, now: () => number = Date.now): Promise<Passkeys> {
    const passkeys = new Passkeys(new JsonFile(join(folder, 'passkeys.json'), PasskeyFile), now)
    passkeys.#passkeys = (await passkeys.#file.read())?.passkeys ?? []
    return passkeys
  }

  listOf(person: string): Passkey[] {
    return this.#passkeys.filter((one) => one.person === person)
  }

  isUsed(page: string): boolean {
    return this.#passkeys.some((one) => one.page === page)
  }

  /** To be signed, once and soon. */
  challenge(purpose: Purpose, person: string | null): string {
    const text = randomBytes(32).toString('base64url')
    this.#challenges.set(text, { purpose, person, endsMs: this.#now() + CHALLENGE_MS })
    for (const oldest of this.#challenges.keys()) {
      if (this.#challenges.size <= MOST_CHALLENGES) break
      this.#challenges.delete(oldest)
    }
    return text
  }

  /** @throws HoltError SIGN_IN_FAILED, INPUT_INVALID, ALREADY_EXISTS, TOO_LARGE. */
  async add(
    person: string,
    rp: RelyingParty,
    given: { name: string; clientData: Buffer; authenticatorData: Buffer; publicKey: Buffer; algorithm: number },
  ): Promise<Passkey> {
    this.#take(readClientData(given.clientData, 'webauthn.create', rp), 'new', person)
    const { credentialId, counter } = readAuthenticatorData(given.authenticatorData, rp)
    if (credentialId === null) throw new HoltError('INPUT_INVALID', 'there is no passkey in it')
    readPublicKey(given.publicKey, given.algorithm)
    const id = credentialId.toString('base64url')
    if (this.#passkeys.some((one) => one.id === id)) throw new HoltError('ALREADY_EXISTS', 'this passkey is known already')
    if (this.listOf(person).length >= MOST_OF_A_PERSON) throw new HoltError('TOO_LARGE', 'there are too many passkeys: remove some')
    const { name, algorithm } = given
    const publicKey = given.publicKey.toString('base64')
    const passkey: Passkey = { id, person, name, page: rp.id, algorithm, publicKey, counter, createdMs: this.#now(), usedMs: null }
    await this.#replace([...this.#passkeys, passkey])
    return passkey
  }

  /** @param person null for a sign-in. @returns whose it is. @throws HoltError SIGN_IN_FAILED. */
  async check(
    rp: RelyingParty,
    id: string,
    assertion: Assertion,
    { purpose, person }: { purpose: Purpose; person: string | null },
  ): Promise<Passkey> {
    this.#take(readClientData(assertion.clientData, 'webauthn.get', rp), purpose, person)
    const passkey = this.#passkeys.find((one) => one.id === id && one.page === rp.id && (person === null || one.person === person))
    const { counter } = readAuthenticatorData(assertion.authenticatorData, rp)
    const key = passkey && readPublicKey(Buffer.from(passkey.publicKey, 'base64'), passkey.algorithm)
    if (!passkey || !key || !signatureFits(key, assertion)) throw new HoltError('SIGN_IN_FAILED', 'this passkey does not open this page')
    // A copy of the device that made it counts apart from it (§6.1.1); most keep no count.
    if ((counter > 0 || passkey.counter > 0) && counter <= passkey.counter)
      throw new HoltError('SIGN_IN_FAILED', 'this passkey was used by a copy of its device')
    const used = { ...passkey, counter, usedMs: this.#now() }
    const others = this.#passkeys.map((one) => (one === passkey ? used : one))
    this.#passkeys = others
    // Losing it costs a date, or one step of the count; a full drive keeps nobody out.
    await this.#file.write({ v: 1, passkeys: others }).catch(() => {})
    return used
  }

  /** @throws HoltError NOT_FOUND. */
  async remove(person: string, id: string): Promise<Passkey> {
    const found = this.listOf(person).find((one) => one.id === id)
    if (found === undefined) throw new HoltError('NOT_FOUND', 'there is no such passkey')
    await this.#replace(this.#passkeys.filter((one) => one !== found))
    return found
  }

  async removeAllOf(person: string): Promise<void> {
    await this.#replace(this.#passkeys.filter((one) => one.person !== person))
  }

  #take(text: string, purpose: Purpose, person: string | null): void {
    const challenge = this.#challenges.get(text)
    this.#challenges.delete(text)
    if (challenge?.purpose === purpose && challenge.person === person && challenge.endsMs > this.#now()) return
    throw new HoltError('SIGN_IN_FAILED', 'that took too long, or was done already: try again')
  }

  async #replace(passkeys: Passkey[]): Promise<void> {
    // What was removed opens nothing from now on, whatever becomes of the file.
    if (passkeys.length < this.#passkeys.length) this.#passkeys = passkeys
    await this.#file.write({ v: 1, passkeys })
    this.#passkeys = passkeys
  }
}
