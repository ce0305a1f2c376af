import { pack } from './parcel.ts'

/**
 * Wakes the program after `ms`, by a delivery to its `alarm`; also when the node was off meanwhile. Setting one of the same name again takes its
 * place; `everyMs` makes it come again and again.
 */
export async function setAlarm(name: string, { ms, everyMs }: { ms: number; everyMs?: number }): Promise<void> {
  await holt.ask('alarm.set', pack({ name, ms, everyMs }))
}

export async function clearAlarm(name: string): Promise<void> {
  await holt.ask('alarm.clear', pack({ name }))
}
