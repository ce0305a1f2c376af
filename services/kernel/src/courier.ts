import { type HoltError, toHoltError } from '@holt/core/errors.ts'
import type { StoreChange } from '@holt/sandbox/types.ts'
import { type Correspondent, correspondentAt, decodeOutgoing, OUT, type OutgoingMessage, placeOfOutgoing } from './outbox.ts'
import type { ProgramRunner } from './program-runner.ts'

export interface CourierOptions {
  runner: ProgramRunner
  /** Milliseconds since 1970. */
  now(): number
  /** @returns a function that calls it off. */
  after(delayMs: number, action: () => void): () => void
  /** Resolves when it has arrived for good. */
  send(to: Correspondent, message: OutgoingMessage): Promise<void>
  /** Whether the owner lets it go there. */
  mayGo(to: Correspondent): boolean
  /** It has arrived; or will not, and why. */
  onOver(to: Correspondent, message: OutgoingMessage, error: HoltError | null): void
}

export interface WaitingMessages {
  to: Correspondent
  count: number
  /** Of the oldest: milliseconds since 1970. */
  since: number
  /** How the last try failed. */
  problem: HoltError | null
}

const FIRST_PAUSE_MS = 2000
const LONGEST_PAUSE_MS = 15 * 60_000
/** One that nobody took for so long is given up. */
export const KEPT_MS = 30 * 24 * 3_600_000

/** One receiver: its messages go one after the other. */
class Round {
  /** Their keys on the desk, in order, of what is kept: what is not may yet not have happened. */
  readonly messages = new Map<string, OutgoingMessage>()
  isOut = false
  pauseMs = 0
  callOff: (() => void) | null = null
  problem: HoltError | null = null
}

/** Brings what a program sends to where it goes, each message when it is kept, until it has arrived: at least once, in order for each receiver. */
export class Courier {
  readonly #options: CourierOptions
  readonly #rounds = new Map<string, Round>()
  #stopped = false

  constructor(options: CourierOptions) {
    this.#options = options
  }

  /** With what is on the desk from before. */
  start(): void {
    const { desk } = this.#options.runner
    // what a later build wrote waits for one that can read it
    const readable = desk.keys(OUT).filter((key) => desk.read(key, decodeOutgoing) !== null)
    this.kept(readable.map((key) => ({ key, value: desk.get(key) })))
  }

  /** This of the desk is durable now. */
  kept(changes: readonly StoreChange[]): void {
    for (const { key, value } of changes) {
      if (!key.startsWith(OUT)) continue
      const place = placeOfOutgoing(key)
      const round = this.#rounds.get(place) ?? new Round()
      this.#rounds.set(place, round)
      if (value === null) round.messages.delete(key)
      else round.messages.set(key, decodeOutgoing(value))
      if (round.messages.size === 0 && !round.isOut) this.#forget(place, round)
      else if (round.callOff === null) void this.#go(place, round)
    }
  }

  /** Whoever is meant by it is there again: no pause is waited for. */
  hurry(isMeant: (to: Correspondent) => boolean): void {
    for (const [place, round] of this.#rounds) {
      if (!isMeant(correspondentAt(place))) continue
      round.pauseMs = 0
      this.#callOff(round)
      void this.#go(place, round)
    }
  }

  waiting(): WaitingMessages[] {
    return [...this.#rounds].flatMap(([place, { messages, problem }]) => {
      const [first] = messages.values()
      return first === undefined ? [] : [{ to: correspondentAt(place), count: messages.size, since: first.sent, problem }]
    })
  }

  stop(): void {
    this.#stopped = true
    for (const round of this.#rounds.values()) this.#callOff(round)
  }

  async #go(place: string, round: Round): Promise<void> {
    if (round.isOut || this.#stopped) return
    round.isOut = true
    const to = correspondentAt(place)
    try {
      for (let next = firstOf(round); next !== null && !this.#stopped; next = firstOf(round)) {
        if (!(await this.#bring(to, round, next))) break
      }
    } finally {
      round.isOut = false
    }
    if (round.messages.size === 0) this.#forget(place, round)
    else if (!this.#stopped) this.#later(place, round)
  }

  /** @returns whether the next may go. */
  async #bring(to: Correspondent, round: Round, [key, message]: [string, OutgoingMessage]): Promise<boolean> {
    const { runner, now, send, mayGo, onOver } = this.#options
    let failure: HoltError | null = null
    try {
      if (!mayGo(to)) return false
      await send(to, message)
      round.pauseMs = 0
      round.problem = null
    } catch (caught) {
      failure = toHoltError(caught)
      round.problem = failure
      if (now() - message.sent < KEPT_MS) return false
    }
    try {
      await runner.turn((desk) => {
        desk.delete(key)
        return null
      })
    } catch (caught) {
      // that it arrived is not kept: it goes again, and is known there
      round.problem = toHoltError(caught)
      return false
    }
    // after a failure to keep something the desk was read anew, and may know nothing of it
    round.messages.delete(key)
    onOver(to, message, failure)
    return true
  }

  #later(place: string, round: Round): void {
    round.pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, round.pauseMs * 2))
    this.#callOff(round)
    round.callOff = this.#options.after(round.pauseMs, () => {
      round.callOff = null
      void this.#go(place, round)
    })
  }

  #callOff(round: Round): void {
    round.callOff?.()
    round.callOff = null
  }

  #forget(place: string, round: Round): void {
    this.#callOff(round)
    if (this.#rounds.get(place) === round) this.#rounds.delete(place)
  }
}

function firstOf({ messages }: Round): [string, OutgoingMessage] | null {
  const keys = [...messages.keys()].sort()
  const [first] = keys
  return first === undefined ? null : [first, messages.get(first) as OutgoingMessage]
}
