import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'

/** What a token can be made for: the tags of the API's routes. Never people, sessions, keys or tokens themselves. */
export const TokenCall = Type.Union([
  Type.Literal('files'),
  Type.Literal('storage'),
  Type.Literal('jobs'),
  Type.Literal('machine'),
  Type.Literal('network'),
  Type.Literal('box'),
  Type.Literal('events'),
])
export type TokenCall = Static<typeof TokenCall>

const strict = { additionalProperties: false }
const TokenRecord = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    /** SHA-256 of the secret, hex; the secret is 256 random bits, so that nothing slower is needed. */
    hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    person: Type.String({ pattern: '^(owner|[0-9a-f]{12})$' }),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    write: Type.Boolean(),
    calls: Type.Array(TokenCall, { minItems: 1, maxItems: 16 }),
    /** null: wherever its person may. */
    paths: Type.Union([Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 64 }), Type.Null()]),
    createdMs: Type.Integer(),
    /** null: for ever. */
    expiresMs: Type.Union([Type.Integer(), Type.Null()]),
    usedMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  strict,
)
export type ApiToken = Static<typeof TokenRecord>

const TokenFile = Type.Object({ v: Type.Literal(1), tokens: Type.Array(TokenRecord) }, strict)

const MOST_TOKENS = 128
const USED_STEP_MS = 60 * 60_000

/** Keys for programs of other people, each for a few calls and paths; in `web/tokens.json`. */
export class Tokens {
  readonly #file: JsonFile<typeof TokenFile>
  readonly #now: () => number
  #tokens = new Map<string, ApiToken>()

  private constructor(file: JsonFile<typeof TokenFile>, now: () => number) {
    this.#file = file
    this.#now = now
  }

  static async open(folder: string, now: () => number = Date.now): Promise<Tokens> {
    const tokens = new Tokens(new JsonFile(join(folder, 'tokens.json'), TokenFile), now)
    for (const token of (await tokens.#file.read())?.tokens ?? []) tokens.#tokens.set(token.id, token)
    return tokens
  }

  listOf(person: string): ApiToken[] {
    return [...this.#tokens.values()].filter((one) => one.person === person).reverse()
  }

  /** @returns what the program is given, once: `holt_<id>_<secret>`. @throws HoltError TOO_LARGE. */
  async make(
    wish: Pick<ApiToken, 'person' | 'name' | 'write' | 'calls' | 'paths' | 'expiresMs'>,
  ): Promise<{ token: ApiToken; secret: string }> {
    if (this.#tokens.size >= MOST_TOKENS) throw new HoltError('TOO_LARGE', 'there are too many tokens: revoke some')
    const [id, secret] = [randomBytes(6).toString('hex'), randomBytes(32).toString('base64url')]
    const token: ApiToken = { ...wish, id, hash: hashOf(secret), createdMs: this.#now(), usedMs: null }
    await this.#save([...this.#tokens.values(), token])
    this.#tokens.set(id, token)
    return { token, secret: `holt_${id}_${secret}` }
  }

  /** @returns null for what is no token, or one that was revoked or is too old. */
  find(text: string): ApiToken | null {
    const [, id = '', secret = ''] = /^holt_([0-9a-f]{12})_([\w-]{43})$/.exec(text) ?? []
    const token = this.#tokens.get(id)
    if (!token || !timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(token.hash, 'hex'))) return null
    const now = this.#now()
    if (token.expiresMs !== null && now >= token.expiresMs) return null
    if (token.usedMs === null || now - token.usedMs > USED_STEP_MS) {
      token.usedMs = now
      this.#save([...this.#tokens.values()]).catch(() => {})
    }
    return token
  }

  /** @throws HoltError NOT_FOUND. */
  async revoke(person: string, id: string): Promise<ApiToken> {
    const token = this.#tokens.get(id)
    if (token?.person !== person) throw new HoltError('NOT_FOUND', 'there is no such token')
    // At once, whatever becomes of the file.
    this.#tokens.delete(id)
    await this.#save([...this.#tokens.values()])
    return token
  }

  async revokeAllOf(person: string): Promise<void> {
    for (const [id, token] of this.#tokens) if (token.person === person) this.#tokens.delete(id)
    await this.#save([...this.#tokens.values()])
  }

  #save(tokens: ApiToken[]): Promise<void> {
    return this.#file.write({ v: 1, tokens })
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
