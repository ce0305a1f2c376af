import { createHash } from 'node:crypto'
import type { UpdatePlan } from '@holt/control/box/methods.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/**
 * A box's place among all boxes for one version, from 0 to 1: always the same for the box, another for the next version, so that
 * nobody is always first. A bad version is noticed while most boxes have not had their turn.
 */
export function placeOf(machineId: string, version: string): number {
  return createHash('sha256').update(`${machineId} ${version}`).digest().readUInt32BE(0) / 2 ** 32
}

/** When a box may begin with a version that was built on `build` (a day, YYYY-MM-DD); null when that is no day. */
export function turnBegins(build: string, place: number, { spreadDays }: UpdatePlan): Date | null {
  const built = /^\d{4}-\d{2}-\d{2}$/.test(build) ? Date.parse(`${build}T00:00:00Z`) : Number.NaN
  return Number.isNaN(built) ? null : new Date(built + place * spreadDays * DAY_MS)
}

/** True in the hours of the day in which the owner lets the box restart; hours may run past midnight. */
export function inWindow(now: Date, { fromHour, hours }: UpdatePlan): boolean {
  const sinceBegin = (now.getHours() - fromHour + 24) % 24
  return sinceBegin < hours
}

/** When the window opens next, for the page; `now` when it is open. */
export function nextWindow(now: Date, plan: UpdatePlan): Date {
  for (let time = now.getTime(); ; time = Math.floor(time / HOUR_MS) * HOUR_MS + HOUR_MS) {
    const moment = new Date(time)
    if (inWindow(moment, plan)) return moment
  }
}
