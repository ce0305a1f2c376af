import { toHex } from '@holt/core/bytes.ts'
import { HoltError, type HoltErrorCode, toHoltError } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { type Correspondent, placeOf, takeArrived } from '@holt/kernel/outbox.ts'
import { MOST_WAITING, type ProgramRunner } from '@holt/kernel/program-runner.ts'
import type { Message } from '@holt/network/messages/messages-protocol.ts'
import type { Delivery } from '@holt/sandbox/types.ts'
import { pack } from '@holt/sandbox/parcel.ts'

/** One that a program fails at each time must not keep those behind it for ever. */
export const MOST_TRIES = 5
/** What a program itself does wrong. */
const ITS_OWN_FAULT = new Set<HoltErrorCode>([
  'PROGRAM_FAILED',
  'METER_EXCEEDED',
  'TIME_EXCEEDED',
  'MEMORY_EXCEEDED',
  'LIMIT_REACHED',
  'PROGRAM_ENDED',
  'MALFORMED',
])

export interface ArrivalsOptions {
  runner: ProgramRunner
  /** Adds the time that the program is to see. */
  timed(delivery: Delivery): Delivery
  onHeard(from: Correspondent, error: HoltError | null, givenUp: boolean): void
}

/** Messages that come to one program: each once, in the order in which it was sent. What the program did with one and that it came are kept in one commit. */
export class Arrivals {
  readonly #options: ArrivalsOptions
  /** Of each sender the message at which the program fails now. */
  readonly #failing = new Map<string, { message: string; tries: number }>()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Resolves when it need not be sent again. @throws HoltError TOO_MANY_TRIES, PEER_FAILED, NOT_FOUND: it is to be sent again later. */
  async take(from: Correspondent, message: Message): Promise<void> {
    const { runner, timed, onHeard } = this.#options
    if (runner.totals.waiting >= MOST_WAITING) throw new HoltError('TOO_MANY_TRIES', 'too much waits for this program')
    const head = { from: principalToText(from.owner), program: toHex(from.program), sent: message.sent }
    let isNew = false
    try {
      await runner.turn((desk) => {
        isNew = takeArrived(desk, from, message)
        return isNew ? timed({ name: 'message', body: pack(head, message.body) }) : null
      })
      this.#failing.delete(placeOf(from))
      if (isNew) onHeard(from, null, false)
    } catch (caught) {
      const error = toHoltError(caught)
      if (error.code === 'TOO_MANY_TRIES') throw error
      if (runner.isStopped) throw new HoltError('NOT_FOUND', 'the program does not run here')
      const givenUp = ITS_OWN_FAULT.has(error.code) && (await this.#failedOnce(from, message))
      onHeard(from, error, givenUp)
      if (!givenUp) throw new HoltError('PEER_FAILED', 'the program could not take it now')
    }
  }

  /** @returns whether it was tried often enough: then it counts as taken. */
  async #failedOnce(from: Correspondent, { line, number }: Message): Promise<boolean> {
    const [place, message] = [placeOf(from), `${toHex(line)} ${number}`]
    const known = this.#failing.get(place)
    const tries = known?.message === message ? known.tries + 1 : 1
    this.#failing.set(place, { message, tries })
    if (tries < MOST_TRIES) return false
    this.#failing.delete(place)
    const passing = this.#options.runner.turn((desk) => {
      takeArrived(desk, from, { line, number })
      return null
    })
    return passing.then(
      () => true,
      () => false,
    )
  }
}
