import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import { optional, text } from '@holt/core/shape.ts'
import type { Courier } from '@holt/kernel/courier.ts'
import type { Desk } from '@holt/kernel/desk.ts'
import { type Correspondent, MAX_BODY_BYTES, putOutgoing } from '@holt/kernel/outbox.ts'
import type { Grant } from './installed-record.ts'
import { fieldOf, pack, type Parcel } from '@holt/sandbox/parcel.ts'

export type MessagesGrant = Extract<Grant, { kind: 'messages' }>

/** Somebody whose programs may be reached. */
export interface Contact {
  owner: Uint8Array
  name: string
}

export interface MessagesContext {
  desk: Desk
  self: Correspondent
  courier: Courier
  /** Friends, as far as they are known now. */
  contacts(): Contact[]
  now: number
  randomBytes(size: number): Uint8Array
  /** This node. */
  node: Uint8Array
}

const MOST_TOLD = 256

/** What a program may do with messages. What it sends goes when what the delivery changed is kept. */
export function useMessages(
  context: MessagesContext,
  grant: MessagesGrant,
  { what, parcel }: { what: string; parcel: Parcel },
): Uint8Array {
  switch (what) {
    case 'send': {
      const to = { owner: ownerIn(parcel), program: programIn(parcel) ?? context.self.program }
      if (!talksWith(grant, to.owner)) throw new HoltError('NOT_AUTHORIZED', `'${grant.name}' does not reach ${principalToText(to.owner)}`)
      if (parcel.body.length > MAX_BODY_BYTES)
        throw new HoltError('TOO_LARGE', `a message has at most ${MAX_BODY_BYTES} bytes`, { limit: MAX_BODY_BYTES })
      const { now, randomBytes, node } = context
      putOutgoing(context.desk, to, { body: parcel.body.slice(), now, randomBytes, node })
      return pack({})
    }
    case 'who': {
      const others = context.contacts().filter(({ owner }) => talksWith(grant, owner))
      return pack({
        self: told(context.self),
        others: others.slice(0, MOST_TOLD).map(({ owner, name }) => ({ owner: principalToText(owner), name })),
      })
    }
    case 'waiting': {
      const waiting = context.courier.waiting().slice(0, MOST_TOLD)
      return pack({
        waiting: waiting.map(({ to, count, since, problem }) => ({ ...told(to), count, since, problem: problem?.code ?? null })),
      })
    }
    default:
      throw new HoltError('NOT_AUTHORIZED', `messages have nothing called '${what.slice(0, 32)}'`)
  }
}

/** Whether the owner lets it talk, and listen, to this one. Strangers do not come this far. */
export function talksWith(grant: MessagesGrant, owner: Uint8Array): boolean {
  return grant.with === undefined || grant.with.some((one) => equalBytes(one, owner))
}

function told({ owner, program }: Correspondent): { owner: string; program: string } {
  return { owner: principalToText(owner), program: toHex(program) }
}

function ownerIn(parcel: Parcel): Uint8Array {
  const typed = fieldOf(parcel, 'to', text({ maxBytes: 64 }))
  try {
    return principalFromText(typed)
  } catch (cause) {
    throw new HoltError('INPUT_INVALID', 'whom it goes to is no principal', { field: 'to' }, { cause })
  }
}

function programIn(parcel: Parcel): Uint8Array | null {
  const typed = fieldOf(parcel, 'program', optional(text({ maxBytes: 32 })))
  if (typed === undefined) return null
  const program = fromHex(typed)
  if (program?.length === 16) return program
  throw new HoltError('INPUT_INVALID', 'the program is no id', { field: 'program' })
}
