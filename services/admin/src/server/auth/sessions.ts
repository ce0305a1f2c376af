import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import { OWNER } from './caller.ts'

const TokenRecord = Type.Object({
  /** SHA-256 of the token, hex: who reads the file cannot sign in with it. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  createdMs: Type.Integer(),
  seenMs: Type.Integer(),
})
type TokenRecord = Static<typeof TokenRecord>

const SessionRecord = Type.Object({
  ...TokenRecord.properties,
  person: Type.String({ pattern: '^(owner|[0-9a-f]{12})$' }),
  /** As the browser calls itself. */
  device: Type.String({ maxLength: 120 }),
  address: Type.String({ maxLength: 64 }),
  /** When the password or a passkey was last given in this session. */
  confirmedMs: Type.Integer(),
})
export type SessionRecord = Static<typeof SessionRecord>

const FirstFile = Type.Object({ v: Type.Literal(1), sessions: Type.Array(TokenRecord), devices: Type.Array(TokenRecord) })
const NewFile = Type.Object({ v: Type.Literal(2), sessions: Type.Array(SessionRecord), devices: Type.Array(TokenRecord) })
const SessionFile = Type.Union([FirstFile, NewFile])

/** Who signs in, and with what. */
export interface SignedIn {
  person: string
  device: string
  address: string
}

const DAY_MS = 86_400_000
const SESSION_IDLE_MS = 14 * DAY_MS
const SESSION_LONGEST_MS = 90 * DAY_MS
const DEVICE_LONGEST_MS = 400 * DAY_MS
/** Of one person: nobody can push another's sessions out. */
const MAX_SESSIONS = 32
const MAX_DEVICES = 128
/** How stale `seenMs` on the drive may be: not a write for every click. */
const SEEN_STEP_MS = 60 * 60_000
/** For how long a dangerous act is not asked for the password again. */
const CONFIRMED_MS = 5 * 60_000

/**
 * Who is signed in, and which browsers have been (a device token: wrong passwords typed elsewhere do not slow these down).
 * Tokens are random and only their hashes are kept, so that sessions outlive a restart.
 */
export class Sessions {
  readonly #file: JsonFile<typeof SessionFile>
  readonly #now: () => number
  #sessions = new Map<string, SessionRecord>()
  #devices = new Map<string, TokenRecord>()
  readonly #listeners = new Set<(ended: (id: string) => boolean) => void>()

  private constructor(file: JsonFile<typeof SessionFile>, now: () => number) {
    this.#file = file
    this.#now = now
  }

  static async open(folder: string, now: () => number = Date.now): Promise<Sessions> {
    const sessions = new Sessions(new JsonFile(join(folder, 'sessions.json'), SessionFile), now)
    const stored = await sessions.#file.read()
    for (const record of stored?.sessions ?? []) sessions.#sessions.set(record.hash, ofOwner(record))
    for (const record of stored?.devices ?? []) sessions.#devices.set(record.hash, record)
    return sessions
  }

  /** @returns the token for the cookie. */
  async start({ person, device, address }: SignedIn): Promise<string> {
    const token = newToken()
    const now = this.#now()
    const record = { hash: hashOf(token), createdMs: now, seenMs: now, person, device: device.slice(0, 120), address, confirmedMs: now }
    this.#sessions.set(record.hash, record)
    const own = [...this.#sessions.values()].filter((one) => one.person === person)
    for (const oldest of own.slice(0, -MAX_SESSIONS)) this.#sessions.delete(oldest.hash)
    await this.#saveStart()
    return token
  }

  async startDevice(): Promise<string> {
    const token = newToken()
    const now = this.#now()
    this.#devices.set(hashOf(token), { hash: hashOf(token), createdMs: now, seenMs: now })
    for (const hash of [...this.#devices.keys()].slice(0, -MAX_DEVICES)) this.#devices.delete(hash)
    await this.#saveStart()
    return token
  }

  /** @returns null for a token that is wrong, ended or too old. */
  find(token: string | undefined): Readonly<SessionRecord> | null {
    const record = token === undefined ? undefined : this.#sessions.get(hashOf(token))
    if (!record || !this.#isAlive(record)) return null
    const now = this.#now()
    if (now - record.seenMs > SEEN_STEP_MS) {
      record.seenMs = now
      // Losing this write costs an hour of idle time, nothing else.
      this.#save().catch(() => {})
    }
    return record
  }

  isOpen(token: string | undefined): boolean {
    return this.find(token) !== null
  }

  /** Newest first. */
  listOf(person: string): Readonly<SessionRecord>[] {
    const own = [...this.#sessions.values()].filter((one) => one.person === person && this.#isAlive(one))
    return own.sort((a, b) => b.seenMs - a.seenMs)
  }

  /** The password or a passkey was given just now. Kept in memory only: after a restart it is asked again. */
  confirm(session: SessionRecord): void {
    const record = this.#sessions.get(session.hash)
    if (record) record.confirmedMs = this.#now()
  }

  isConfirmed(session: SessionRecord): boolean {
    const since = this.#now() - session.confirmedMs
    return since >= 0 && since < CONFIRMED_MS
  }

  /** @returns a name for the device in counts of wrong tries; null for a browser that was never signed in. */
  deviceOf(token: string | undefined): string | null {
    const record = token === undefined ? undefined : this.#devices.get(hashOf(token))
    return record && this.#now() - record.createdMs < DEVICE_LONGEST_MS ? record.hash : null
  }

  /** Told which were ended by hand, or by a changed password: not those that grew too old. */
  watchEnds(listener: (isEnded: (id: string) => boolean) => void): void {
    this.#listeners.add(listener)
  }

  async end(token: string): Promise<void> {
    const record = this.#sessions.get(hashOf(token))
    if (record === undefined) return
    this.#drop([record])
    await this.#saveEnd()
  }

  /** @param id as `idOf` gives it. @returns whether this person had such a session. */
  async endOne(person: string, id: string): Promise<boolean> {
    const found = [...this.#sessions.values()].find((one) => one.person === person && idOf(one) === id)
    if (found === undefined) return false
    this.#drop([found])
    await this.#saveEnd()
    return true
  }

  /** Signs a person out everywhere, but for one session. */
  async endOthers(person: string, kept: SessionRecord | null): Promise<void> {
    this.#drop([...this.#sessions.values()].filter((one) => one.person === person && one.hash !== kept?.hash))
    await this.#saveEnd()
  }

  /** No browser is known any more: each is a stranger again. */
  async forgetDevices(): Promise<void> {
    this.#devices.clear()
    await this.#saveEnd()
  }

  #drop(records: readonly SessionRecord[]): void {
    for (const { hash } of records) this.#sessions.delete(hash)
    const ended = new Set(records.map(idOf))
    for (const listener of this.#listeners) listener((id) => ended.has(id))
  }

  #isAlive(record: SessionRecord): boolean {
    const now = this.#now()
    if (now - record.seenMs <= SESSION_IDLE_MS && now - record.createdMs <= SESSION_LONGEST_MS) return true
    this.#sessions.delete(record.hash)
    return false
  }

  /** A full drive must not keep its owner out, who alone can make room: then it holds until the next start only. */
  async #saveStart(): Promise<void> {
    await this.#save().catch(unlessFull)
  }

  /** Without room to say who is left nobody is: a session that was ended must not come back with the next start. */
  async #saveEnd(): Promise<void> {
    await this.#save().catch((error: unknown) => {
      unlessFull(error)
      return this.#file.remove()
    })
  }

  #save(): Promise<void> {
    return this.#file.write({ v: 2, sessions: [...this.#sessions.values()], devices: [...this.#devices.values()] })
  }
}

/** What a list shows and an end names: says nothing about the token. */
export function idOf(session: Pick<SessionRecord, 'hash'>): string {
  return createHash('sha256').update(`holt/session-id/1 ${session.hash}`).digest('hex').slice(0, 16)
}

/** Before there were people all sessions were the owner's. */
function ofOwner(record: TokenRecord | SessionRecord): SessionRecord {
  return 'person' in record ? record : { ...record, person: OWNER, device: '', address: '', confirmedMs: 0 }
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function unlessFull(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
