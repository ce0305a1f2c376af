import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'

/** The parameters are stored beside the hash, so that they can be raised later. */
export const PasswordHash = Type.Object({
  algorithm: Type.Literal('scrypt'),
  cost: Type.Integer({ minimum: 1024, maximum: 1 << 20 }),
  blockSize: Type.Integer({ minimum: 1, maximum: 32 }),
  parallelization: Type.Integer({ minimum: 1, maximum: 16 }),
  salt: Type.String({ minLength: 16, maxLength: 128 }),
  hash: Type.String({ minLength: 32, maxLength: 128 }),
})
export type PasswordHash = Static<typeof PasswordHash>

export interface PasswordCost {
  cost: number
  blockSize: number
  parallelization: number
}

/** 32 MiB and about 0.3 s: as hard as 2^17 in one lane (OWASP), without 128 MiB on a small box. */
export const OWNER_PASSWORD_COST: PasswordCost = { cost: 1 << 15, blockSize: 8, parallelization: 3 }

export const PASSWORD_LENGTH = { minimum: 10, maximum: 1024 }

/** One at a time: many sign-ins at once must not take all memory and threads. */
let turn: Promise<unknown> = Promise.resolve()

export async function hashPassword(password: string, cost: PasswordCost = OWNER_PASSWORD_COST): Promise<PasswordHash> {
  const salt = randomBytes(16)
  const hash = await harden(password, salt, 32, cost)
  return { algorithm: 'scrypt', ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') }
}

export async function passwordFits(password: string, stored: PasswordHash): Promise<boolean> {
  const expected = Buffer.from(stored.hash, 'base64')
  const actual = await harden(password, Buffer.from(stored.salt, 'base64'), expected.length, stored)
  return timingSafeEqual(actual, expected)
}

function harden(password: string, salt: Buffer, lengthBytes: number, { cost, blockSize, parallelization }: PasswordCost): Promise<Buffer> {
  const maxmem = 2 * 128 * cost * blockSize * parallelization
  const result = turn.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const options = { N: cost, r: blockSize, p: parallelization, maxmem }
        scrypt(password.normalize('NFKC'), salt, lengthBytes, options, (error, key) => (error ? reject(error) : resolve(key)))
      }),
  )
  turn = result.catch(() => {})
  return result
}

/** Words that a stranger tries first here, in the languages of the page: they count as nothing. */
const EXPECTED_WORDS = /holt|password|passwort|kennwort|owner|inhaber|admin|router|family|familie|welcome|willkommen|letmein|hallo|hello/g

/** @throws HoltError PASSPHRASE_TOO_WEAK. */
export function checkPasswordStrength(password: string): void {
  const distinct = new Set(password.toLowerCase().replace(EXPECTED_WORDS, '')).size
  if (password.length >= PASSWORD_LENGTH.minimum && distinct >= 5 && !isRun(password)) return
  throw new HoltError(
    'PASSPHRASE_TOO_WEAK',
    `the password needs at least ${PASSWORD_LENGTH.minimum} characters, and not the same few again and again`,
    {
      minimumLength: PASSWORD_LENGTH.minimum,
    },
  )
}

/** '1234567890', 'abcdefghij', 'qwertyuiop'. */
function isRun(password: string): boolean {
  const runs = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', 'qwertzuiopasdfghjklyxcvbnm']
  const lower = password.toLowerCase()
  return runs.some(
    (run) =>
      (run + run).includes(lower) ||
      Array.from(run + run)
        .reverse()
        .join('')
        .includes(lower),
  )
}
