import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import { NoticeKind } from './notice-kinds.ts'
import { type PushAnswer, postPush } from './post-push.ts'
import { checkEndpoint } from './public-address.ts'
import { isPushPoint, newSenderKeys, sealPush, senderHeader } from './seal-push.ts'

const strict = { additionalProperties: false }
const Base64 = (bytes: number) => Type.String({ pattern: `^[\\w-]{${Math.ceil((bytes * 4) / 3)}}=*$`, maxLength: 100 })

/** What a browser hands over, and what its person wants to hear there. */
export const NewSubscription = Type.Object(
  {
    endpoint: Type.String({ minLength: 1, maxLength: 1024 }),
    p256dh: Base64(65),
    auth: Base64(16),
    language: Type.String({ pattern: '^[a-z]{2}$' }),
    kinds: Type.Array(NoticeKind, { maxItems: 32 }),
  },
  strict,
)
export type NewSubscription = Static<typeof NewSubscription>

const Subscription = Type.Object(
  {
    ...NewSubscription.properties,
    id: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    person: Type.String({ pattern: '^(owner|[0-9a-f]{12})$' }),
    /** Id of the session it was made in: it ends when that is ended by hand. */
    session: Type.String({ maxLength: 32 }),
    device: Type.String({ maxLength: 120 }),
    createdMs: Type.Integer(),
    /** Since when nothing arrives; null: the last one did. */
    failingMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  strict,
)
export type Subscription = Static<typeof Subscription>

const PushFile = Type.Object(
  {
    v: Type.Literal(1),
    publicKey: Base64(65),
    privateKey: Base64(32),
    subscriptions: Type.Array(Subscription, { maxItems: 256 }),
  },
  strict,
)
type PushFile = Static<typeof PushFile>

export interface PushOptions {
  now: () => number
  onProblem: (text: string) => void
  /** Who the push services may write to when this node misbehaves. */
  contact?: string
  /** For tests: a push service on this machine. */
  loopback?: boolean
  /** For tests: how long is waited before the second and third try. */
  retryMs?: readonly number[]
}

/** Nobody hammers a service that somebody else named through this node. */
const TEST_EVERY_MS = 5_000
const MOST_OF_ONE_PERSON = 16
const MOST = 256
const LIFE_SECONDS = 86_400
/** A device that was thrown away is forgotten after this long. */
const FAILING_LONGEST_MS = 14 * 86_400_000

/** The browsers that want to be told while no page is open, and the keys by which push services know this node: `web/push.json`. */
export class Push {
  readonly #file: JsonFile<typeof PushFile>
  readonly #options: PushOptions
  readonly #stop = new AbortController()
  readonly #sending = new Set<Promise<void>>()
  /** When each person last tried one out. */
  readonly #testedMs = new Map<string, number>()
  #state: PushFile

  private constructor(file: JsonFile<typeof PushFile>, options: PushOptions, state: PushFile) {
    this.#file = file
    this.#options = options
    this.#state = state
  }

  /** A damaged file opens nothing to anybody: browsers subscribe anew to new keys. */
  static async open(folder: string, options: PushOptions): Promise<Push> {
    const file = new JsonFile(join(folder, 'push.json'), PushFile)
    const kept = await file.read().catch((error: Error) => {
      options.onProblem(`who wants push messages is damaged and begun anew: ${error.message}`)
      return null
    })
    return new Push(file, options, kept ?? { v: 1, ...newSenderKeys(), subscriptions: [] })
  }

  get publicKey(): string {
    return this.#state.publicKey
  }

  listOf(person: string): Readonly<Subscription>[] {
    return this.#state.subscriptions.filter((one) => one.person === person)
  }

  /** One browser has one: it takes the place of what was there for the endpoint. @throws HoltError INPUT_INVALID, TOO_LARGE. */
  async subscribe(wish: NewSubscription, of: Pick<Subscription, 'person' | 'session' | 'device'>): Promise<Subscription> {
    checkEndpoint(wish.endpoint, this.#options)
    if (!isPushPoint(Buffer.from(wish.p256dh, 'base64url')))
      throw new HoltError('INPUT_INVALID', 'this is no key of a browser', { field: 'p256dh' })
    const others = this.#state.subscriptions.filter(({ endpoint }) => endpoint !== wish.endpoint)
    if (others.length >= MOST) throw new HoltError('TOO_LARGE', 'too many browsers want push messages', { most: MOST })
    const mine = others.filter(({ person }) => person === of.person)
    const oldest = new Set(mine.slice(0, Math.max(0, mine.length + 1 - MOST_OF_ONE_PERSON)))
    const made = { ...wish, ...of, id: idOf(wish.endpoint), createdMs: Math.round(this.#options.now()), failingMs: null }
    await this.#replace([...others.filter((one) => !oldest.has(one)), made])
    return made
  }

  /** @throws HoltError NOT_FOUND. */
  async unsubscribe(person: string, id: string): Promise<void> {
    if (!this.listOf(person).some((one) => one.id === id)) throw new HoltError('NOT_FOUND', 'there is no such device', { id })
    await this.#replace(this.#state.subscriptions.filter((one) => one.id !== id))
  }

  /** Of sessions that were ended by hand, or of a person who was removed. */
  async drop(isGone: (one: Readonly<Subscription>) => boolean): Promise<void> {
    const left = this.#state.subscriptions.filter((one) => !isGone(one))
    if (left.length < this.#state.subscriptions.length) await this.#replace(left)
  }

  /** Tells a person's browsers that want to hear of it. The message says the kind and nothing else. */
  send(person: string, kind: NoticeKind): void {
    for (const one of this.listOf(person)) if (one.kinds.includes(kind)) this.#begin(one, kind)
  }

  /** @throws HoltError NOT_FOUND; TOO_MANY_TRIES; PEER_UNREACHABLE when it could not be handed over. */
  async test(person: string, id: string): Promise<void> {
    const one = this.listOf(person).find((one) => one.id === id)
    if (one === undefined) throw new HoltError('NOT_FOUND', 'there is no such device', { id })
    const sinceMs = this.#options.now() - (this.#testedMs.get(person) ?? Number.NEGATIVE_INFINITY)
    if (sinceMs >= 0 && sinceMs < TEST_EVERY_MS)
      throw new HoltError('TOO_MANY_TRIES', 'one was tried out just now', { retryAfterMs: TEST_EVERY_MS - sinceMs })
    this.#testedMs.set(person, this.#options.now())
    const answer = await this.#post(one, 'test').catch(() => null)
    if (answer === null || answer.status >= 300)
      throw new HoltError('PEER_UNREACHABLE', 'the push service did not take it', { status: answer?.status ?? 0 })
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#sending)
  }

  #begin(one: Subscription, kind: NoticeKind): void {
    const sending = this.#deliver(one, kind)
      .catch(() => {})
      .finally(() => this.#sending.delete(sending))
    this.#sending.add(sending)
  }

  async #deliver(one: Subscription, kind: NoticeKind): Promise<void> {
    const { retryMs = [30_000, 300_000] } = this.#options
    for (const waitMs of [...retryMs, null]) {
      if (!this.#state.subscriptions.includes(one)) return // turned off meanwhile
      const answer = await this.#post(one, kind).catch(() => null)
      if (answer !== null && answer.status < 300) return this.#arrived(one.id, true)
      if (answer?.status === 404 || answer?.status === 410) return this.drop(({ id }) => id === one.id)
      const mayComeLater = answer === null || answer.status === 429 || answer.status >= 500
      if (!mayComeLater || waitMs === null || !(await this.#wait(answer?.retryAfterMs ?? waitMs))) break
    }
    await this.#arrived(one.id, false)
  }

  #post(one: Subscription, kind: NoticeKind | 'test'): Promise<PushAnswer> {
    const { contact = 'mailto:owner@holt.invalid', now } = this.#options
    const url = checkEndpoint(one.endpoint, this.#options)
    const text = Buffer.from(JSON.stringify({ v: 1, kind, language: one.language }))
    const keys = { p256dh: Buffer.from(one.p256dh, 'base64url'), auth: Buffer.from(one.auth, 'base64url') }
    return postPush(url, {
      headers: {
        authorization: senderHeader(this.#state, { origin: url.origin, contact, nowMs: now() }),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(LIFE_SECONDS),
        urgency: 'normal',
      },
      body: sealPush(text, keys),
      signal: this.#stop.signal,
    })
  }

  async #arrived(id: string, arrived: boolean): Promise<void> {
    const one = this.#state.subscriptions.find((known) => known.id === id)
    if (one === undefined || (arrived && one.failingMs === null)) return
    const nowMs = Math.round(this.#options.now())
    one.failingMs = arrived ? null : (one.failingMs ?? nowMs)
    const isGone = one.failingMs !== null && nowMs - one.failingMs > FAILING_LONGEST_MS
    await this.#replace(this.#state.subscriptions.filter((known) => known !== one || !isGone))
  }

  /** @returns false when it was ended meanwhile. */
  #wait(waitMs: number): Promise<boolean> {
    return setTimeout(waitMs, true, { signal: this.#stop.signal, ref: false }).catch(() => false)
  }

  async #replace(subscriptions: Subscription[]): Promise<void> {
    this.#state = { ...this.#state, subscriptions }
    await this.#file.write(this.#state)
  }
}

function idOf(endpoint: string): string {
  return createHash('sha256').update(`holt/push/1 ${endpoint}`).digest('hex').slice(0, 16)
}
