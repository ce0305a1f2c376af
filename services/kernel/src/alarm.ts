import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bytes, literal, nullable, parse, record, uint, version } from '@holt/core/shape.ts'
import type { Desk } from './desk.ts'

/** A time at which a program wants to be called, as it lies on its desk under `alarm/NAME`; docs/formats.md §5. */
export interface Alarm {
  /** Milliseconds since 1970, whole seconds: who has no fine clock gets none by alarms. */
  at: number
  /** It comes again after so many milliseconds; null: once. */
  every: number | null
  /** What the program wants to be told then. */
  data: Uint8Array
}

export const MOST_ALARMS = 32
export const MAX_ALARM_NAME_BYTES = 64
export const MAX_ALARM_DATA_BYTES = 4096
/** A program that wants to be called all the time is none that rests. */
export const SHORTEST_WAIT_MS = 1000
export const SHORTEST_INTERVAL_MS = 10_000
const STEP_MS = 1000

const PREFIX = 'alarm/'

const shape = record({
  v: version(1),
  kind: literal('alarm'),
  at: uint(),
  every: nullable(uint({ min: SHORTEST_INTERVAL_MS })),
  data: bytes({ max: MAX_ALARM_DATA_BYTES }),
})

export function encodeAlarm({ at, every, data }: Alarm): Uint8Array {
  return encode({ v: 1, kind: 'alarm', at, every, data })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeAlarm(encoded: Uint8Array): Alarm {
  const { at, every, data } = parse(shape, encoded)
  return { at, every, data }
}

/**
 * Sets an alarm, in the place of one of the same name.
 *
 * @throws HoltError LIMIT_REACHED, INPUT_INVALID for an interval that is too short.
 */
export function setAlarm(desk: Desk, name: string, { at, every, data }: Alarm, now: number): void {
  if (every !== null && every < SHORTEST_INTERVAL_MS)
    throw new HoltError('INPUT_INVALID', `an alarm comes again after ${SHORTEST_INTERVAL_MS} ms at the soonest`, { field: 'every' })
  if (desk.get(PREFIX + name) === null && desk.keys(PREFIX).length >= MOST_ALARMS)
    throw new HoltError('LIMIT_REACHED', `${MOST_ALARMS} alarms are set already`, { limit: 'alarms' })
  const soonest = Math.max(at, now + SHORTEST_WAIT_MS)
  desk.set(PREFIX + name, encodeAlarm({ at: Math.ceil(soonest / STEP_MS) * STEP_MS, every, data }))
}

/** @returns whether it was set. */
export function cancelAlarm(desk: Desk, name: string): boolean {
  return desk.delete(PREFIX + name)
}

/** The next first. One that a later build wrote stays where it is, and keeps no other from ringing. */
export function alarmsOn(desk: Desk): { name: string; alarm: Alarm }[] {
  const all = desk.keys(PREFIX).flatMap((key) => {
    const alarm = desk.read(key, decodeAlarm)
    return alarm === null ? [] : [{ name: key.slice(PREFIX.length), alarm }]
  })
  return all.sort((a, b) => a.alarm.at - b.alarm.at)
}

/**
 * The alarm is over: gone, or set to when it comes next. However late it is, times that passed meanwhile come no more.
 *
 * @returns how many times passed meanwhile.
 */
export function passAlarm(desk: Desk, name: string, { at, every, data }: Alarm, now: number): number {
  if (every === null) {
    cancelAlarm(desk, name)
    return 0
  }
  const missed = Math.max(0, Math.floor((now - at) / every))
  desk.set(PREFIX + name, encodeAlarm({ at: at + (missed + 1) * every, every, data }))
  return missed
}
