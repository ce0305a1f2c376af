import { HoltError } from '@holt/core/errors.ts'
import { literal, optional, text, uint } from '@holt/core/shape.ts'
import { fieldOf, pack, type Parcel } from '@holt/sandbox/parcel.ts'
import type { ProgramStreams, Target } from './program-streams.ts'

const MAX_REASON_BYTES = 120
const NORMAL = 1000

/** What a program may do with the answers that it keeps open, and its WebSockets. It goes when what the delivery changed is kept. */
export function useStreams(streams: ProgramStreams, { what, parcel }: { what: string; parcel: Parcel }): Uint8Array {
  switch (what) {
    case 'send': {
      const isText = fieldOf(parcel, 'text', optional(literal(true))) ?? false
      return pack(streams.ask(targetIn(parcel), { what: 'send', bytes: parcel.body.slice(), text: isText }))
    }
    case 'close': {
      const code = fieldOf(parcel, 'code', optional(uint({ min: 1000, max: 4999 }))) ?? NORMAL
      if (code !== NORMAL && code < 3000) throw new HoltError('INPUT_INVALID', 'a code is 1000, or 3000 to 4999', { field: 'code' })
      const reason = fieldOf(parcel, 'reason', optional(text({ maxBytes: MAX_REASON_BYTES }))) ?? ''
      return pack(streams.ask(targetIn(parcel), { what: 'close', code, reason }))
    }
    case 'list': {
      const tag = fieldOf(parcel, 'tag', optional(text({ maxBytes: 256 }))) ?? null
      const told = streams.list(tag).map(({ id, tag: its, isWebSocket, waitingBytes }) => {
        return { stream: id, tag: its, webSocket: isWebSocket, waiting: waitingBytes }
      })
      return pack({ streams: told })
    }
    default:
      throw new HoltError('NOT_AUTHORIZED', `streams have nothing called '${what.slice(0, 32)}'`)
  }
}

function targetIn(parcel: Parcel): Target {
  const stream = fieldOf(parcel, 'stream', optional(text({ maxBytes: 64 })))
  const tag = fieldOf(parcel, 'tag', optional(text({ maxBytes: 256 })))
  if ((stream === undefined) === (tag === undefined))
    throw new HoltError('INPUT_INVALID', 'either a stream or a tag is named', { field: 'stream' })
  return stream === undefined ? { tag: tag ?? '' } : { stream }
}
