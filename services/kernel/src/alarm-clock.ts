import { type HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Delivery } from '@holt/sandbox/types.ts'
import { type Alarm, alarmsOn, passAlarm } from './alarm.ts'
import type { Desk } from './desk.ts'
import type { ProgramRunner } from './program-runner.ts'

export interface Rung {
  name: string
  alarm: Alarm
  /** Times of a repeating one that passed while nobody could call it. */
  missed: number
}

export interface AlarmClockOptions {
  runner: ProgramRunner
  /** Milliseconds since 1970. */
  now(): number
  /** @returns a function that calls it off. */
  after(delayMs: number, action: () => void): () => void
  /** Whether the owner lets it ring at all. */
  mayRing(): boolean
  /** What the program is told. */
  deliveryOf(rung: Rung): Delivery
  /** It rang: `error` says how that failed, `givenUp` that it is not tried again. */
  onRung(rung: Rung, error: HoltError | null, givenUp: boolean): void
}

/** The time of day may be set anew while an alarm is waited for. */
const LONGEST_SLEEP_MS = 60_000
const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 3_600_000
/** With these pauses: for an hour and a half. */
export const MOST_TRIES = 10

/**
 * Calls a program at the times that it set. An alarm is over in the same commit as what the program did when it rang: after a crash before
 * that it rings again, after it never.
 */
export class AlarmClock {
  readonly #options: AlarmClockOptions
  /** Of those that rang in vain. */
  readonly #failed = new Map<string, { tries: number; untilMs: number }>()
  #callOff: (() => void) | null = null
  #ringing = false
  #stopped = false

  constructor(options: AlarmClockOptions) {
    this.#options = options
  }

  /** To be called when alarms or what it may have changed. */
  wind(): void {
    this.#callOff?.()
    this.#callOff = null
    if (this.#stopped || this.#ringing || !this.#options.mayRing()) return
    const alarms = alarmsOn(this.#options.runner.desk)
    for (const name of this.#failed.keys()) if (!alarms.some((one) => one.name === name)) this.#failed.delete(name)
    if (alarms.length === 0) return
    const times = alarms.map(({ name, alarm }) => this.#timeOf(name, alarm))
    const waitMs = Math.max(0, Math.min(...times) - this.#options.now())
    this.#callOff = this.#options.after(Math.min(waitMs, LONGEST_SLEEP_MS), () => void this.#look())
  }

  stop(): void {
    this.#stopped = true
    this.#callOff?.()
    this.#callOff = null
  }

  #timeOf(name: string, { at }: Alarm): number {
    return Math.max(at, this.#failed.get(name)?.untilMs ?? 0)
  }

  async #look(): Promise<void> {
    this.#callOff = null
    this.#ringing = true
    const { runner, now } = this.#options
    for (const { name, alarm } of alarmsOn(runner.desk)) {
      if (this.#stopped || !this.#options.mayRing()) break
      if (this.#timeOf(name, alarm) <= now()) await this.#ring(name)
    }
    this.#ringing = false
    this.wind()
  }

  async #ring(name: string): Promise<void> {
    const { runner, now, mayRing, deliveryOf, onRung } = this.#options
    let rung: Rung | null = null
    try {
      await runner.turn((desk) => {
        // what came before it may have called it off, or the owner
        const alarm = alarmOn(desk, name)
        if (alarm === null || alarm.at > now() || !mayRing()) return null
        rung = { name, alarm, missed: passAlarm(desk, name, alarm, now()) }
        return deliveryOf(rung)
      })
      this.#failed.delete(name)
      if (rung !== null) onRung(rung, null, false)
    } catch (caught) {
      if (this.#stopped || rung === null) return
      const error = toHoltError(caught)
      onRung(rung, error, await this.#failedOnce(rung, error))
    }
  }

  /** @returns whether it was tried often enough. */
  async #failedOnce({ name }: Rung, error: HoltError): Promise<boolean> {
    const tries = (this.#failed.get(name)?.tries ?? 0) + 1
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1))
    this.#failed.set(name, { tries, untilMs: this.#options.now() + pauseMs })
    if (tries < MOST_TRIES || isHoltError(error, 'PROGRAM_ENDED')) return false
    this.#failed.delete(name)
    const passing = this.#options.runner.turn((desk) => {
      const alarm = alarmOn(desk, name)
      if (alarm !== null && alarm.at <= this.#options.now()) passAlarm(desk, name, alarm, this.#options.now())
      return null
    })
    return passing.then(
      () => true,
      () => false, // it cannot be kept: it rings again
    )
  }
}

function alarmOn(desk: Desk, name: string): Alarm | null {
  return alarmsOn(desk).find((one) => one.name === name)?.alarm ?? null
}
