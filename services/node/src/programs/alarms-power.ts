import { HoltError } from '@holt/core/errors.ts'
import { optional, text, uint } from '@holt/core/shape.ts'
import { alarmsOn, cancelAlarm, MAX_ALARM_DATA_BYTES, MAX_ALARM_NAME_BYTES, setAlarm } from '@holt/kernel/alarm.ts'
import type { Rung } from '@holt/kernel/alarm-clock.ts'
import type { Desk } from '@holt/kernel/desk.ts'
import type { Delivery } from '@holt/sandbox/types.ts'
import { fieldOf, pack, type Parcel } from '@holt/sandbox/parcel.ts'

const alarmName = text({ maxBytes: MAX_ALARM_NAME_BYTES })
/** The last time that a Date can say. */
const time = optional(uint({ max: 8_640_000_000_000_000 }))
const span = optional(uint({ max: 100 * 366 * 86_400_000 }))

/** What a program may do with its alarms. All of it is part of the delivery that does it. */
export function useAlarms({ desk, now }: { desk: Desk; now: number }, { what, parcel }: { what: string; parcel: Parcel }): Uint8Array {
  switch (what) {
    case 'set': {
      const name = fieldOf(parcel, 'alarm', alarmName)
      const every = fieldOf(parcel, 'every', span) ?? null
      if (parcel.body.length > MAX_ALARM_DATA_BYTES)
        throw new HoltError('TOO_LARGE', `an alarm has at most ${MAX_ALARM_DATA_BYTES} bytes with it`, { limit: MAX_ALARM_DATA_BYTES })
      setAlarm(desk, name, { at: firstTime(parcel, every, now), every, data: parcel.body.slice() }, now)
      return pack({})
    }
    case 'cancel':
      return pack({ was: cancelAlarm(desk, fieldOf(parcel, 'alarm', alarmName)) })
    case 'list':
      return pack({ alarms: alarmsOn(desk).map(({ name, alarm: { at, every } }) => ({ name, at, every })) })
    default:
      throw new HoltError('NOT_AUTHORIZED', `alarms have nothing called '${what.slice(0, 32)}'`)
  }
}

function firstTime(parcel: Parcel, every: number | null, now: number): number {
  const at = fieldOf(parcel, 'at', time)
  const after = fieldOf(parcel, 'after', span) ?? (at === undefined ? every : null)
  if ((at === undefined) === (after === null))
    throw new HoltError('INPUT_INVALID', 'an alarm has a time: `at`, `after` or `every`', { field: 'at' })
  return at ?? now + (after as number)
}

/** What the program is told when one rings. */
export function alarmDelivery({ name, alarm: { at, every, data }, missed }: Rung): Delivery {
  return { name: 'alarm', body: pack({ name, at, every, missed }, data) }
}
