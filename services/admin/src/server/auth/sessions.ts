import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'

const TokenRecord = Type.Object({
  /** SHA-256 of the token, hex: who reads the file cannot sign in with it. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  createdMs: Type.Integer(),
  seenMs: Type.Integer(),
})
type TokenRecord = Static<typeof TokenRecord>

const TokenFile = Type.Object({ v: Type.Literal(1), sessions: Type.Array(TokenRecord), devices: Type.Array(TokenRecord) })

const DAY_MS = 86_400_000
const SESSION_IDLE_MS = 14 * DAY_MS
const SESSION_LONGEST_MS = 90 * DAY_MS
const DEVICE_LONGEST_MS = 400 * DAY_MS
const MAX_TOKENS = 64
/** How stale `seenMs` on the drive may be: not a write for every click. */
const SEEN_STEP_MS = 60 * 60_000

/**
 * Who is signed in, and which browsers have been (a device token: wrong passwords typed elsewhere do not slow these down).
 * Tokens are random and only their hashes are kept, so that sessions outlive a restart.
 */
export class Sessions {
  readonly #file: JsonFile<typeof TokenFile>
  readonly #now: () => number
  #sessions = new Map<string, TokenRecord>()
  #devices = new Map<string, TokenRecord>()

  private constructor(file: JsonFile<typeof TokenFile>, now: () => number) {
    this.#file = file
    this.#now = now
  }

  static async open(folder: string, now: () => number = Date.now): Promise<Sessions> {
    const sessions = new Sessions(new JsonFile(join(folder, 'sessions.json'), TokenFile), now)
    const stored = await sessions.#file.read()
    for (const record of stored?.sessions ?? []) sessions.#sessions.set(record.hash, record)
    for (const record of stored?.devices ?? []) sessions.#devices.set(record.hash, record)
    return sessions
  }

  /** @returns the token for the cookie. */
  async start(): Promise<string> {
    return this.#add(this.#sessions)
  }

  async startDevice(): Promise<string> {
    return this.#add(this.#devices)
  }

  isOpen(token: string | undefined): boolean {
    const record = token === undefined ? undefined : this.#sessions.get(hashOf(token))
    if (!record) return false
    const now = this.#now()
    if (now - record.seenMs > SESSION_IDLE_MS || now - record.createdMs > SESSION_LONGEST_MS) {
      this.#sessions.delete(record.hash)
      return false
    }
    if (now - record.seenMs > SEEN_STEP_MS) {
      record.seenMs = now
      // Losing this write costs an hour of idle time, nothing else.
      this.#save().catch(() => {})
    }
    return true
  }

  /** @returns a name for the device in counts of wrong tries; null for a browser that was never signed in. */
  deviceOf(token: string | undefined): string | null {
    const record = token === undefined ? undefined : this.#devices.get(hashOf(token))
    return record && this.#now() - record.createdMs < DEVICE_LONGEST_MS ? record.hash : null
  }

  async end(token: string): Promise<void> {
    if (this.#sessions.delete(hashOf(token))) await this.#saveEnd()
  }

  /** Signs out everywhere; a browser that knew the old password is a stranger again. */
  async endAll(): Promise<void> {
    this.#sessions.clear()
    this.#devices.clear()
    await this.#saveEnd()
  }

  async #add(records: Map<string, TokenRecord>): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    const now = this.#now()
    records.set(hashOf(token), { hash: hashOf(token), createdMs: now, seenMs: now })
    for (const hash of records.keys()) {
      if (records.size <= MAX_TOKENS) break
      records.delete(hash)
    }
    // A full drive must not keep its owner out, who alone can make room: then it holds until the next start only.
    await this.#save().catch(unlessFull)
    return token
  }

  /** Without room to say who is left nobody is: a session that was ended must not come back with the next start. */
  async #saveEnd(): Promise<void> {
    await this.#save().catch((error: unknown) => {
      unlessFull(error)
      return this.#file.remove()
    })
  }

  #save(): Promise<void> {
    return this.#file.write({ v: 1, sessions: [...this.#sessions.values()], devices: [...this.#devices.values()] })
  }
}

function unlessFull(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
