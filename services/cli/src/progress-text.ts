import type { Progress } from '@holt/control/schema.ts'
import { clockTime, humanBytes, humanCount } from './format.ts'
import { shorten } from './text-width.ts'

/** Per second. */
export interface Rates {
  bytes: number
  items: number
}

const LONGEST_BAR = 24
const SHORTEST_BAR = 6

/**
 * `put  [######------]  45 %  1.2 GiB of 3.0 GiB  85 MiB/s  0:21 left  1 234 of 3 000`. What is short of room goes in
 * this order: the bar's length, the count of items, the bar.
 */
export function progressText(progress: Progress, rates: Rates, room = 120): string {
  const { phase, doneItems, totalItems } = progress
  const share = shareOf(progress)
  const parts = [phase.padEnd(7)]
  if (share !== null) parts.push(`${String(Math.floor(100 * share)).padStart(3)} %`)
  parts.push(...amounts(progress), ...speeds(progress, rates))
  const items = totalItems > 0 ? `${humanCount(doneItems)} of ${humanCount(totalItems)}` : humanCount(doneItems)
  const withItems = doneItems > 0 || totalItems > 0 ? [...parts, items] : parts
  const chosen = lengthOf(withItems) + SHORTEST_BAR + 4 <= room ? withItems : parts
  const barRoom = Math.min(LONGEST_BAR, room - lengthOf(chosen) - 4)
  if (share !== null && barRoom >= SHORTEST_BAR) chosen.splice(1, 0, bar(share, barRoom))
  return shorten(chosen.join('  '), room)
}

function lengthOf(parts: readonly string[]): number {
  return parts.join('  ').length
}

/** By bytes, else by items; null while the whole is unknown. */
function shareOf({ doneBytes, totalBytes, doneItems, totalItems }: Progress): number | null {
  const [done, total] = totalBytes > 0 ? [doneBytes, totalBytes] : [doneItems, totalItems]
  return total > 0 ? Math.min(1, done / total) : null
}

function amounts({ doneBytes, totalBytes }: Progress): string[] {
  if (totalBytes > 0) return [`${humanBytes(doneBytes)} of ${humanBytes(totalBytes)}`]
  return doneBytes > 0 ? [humanBytes(doneBytes)] : []
}

function speeds({ doneBytes, totalBytes, doneItems, totalItems }: Progress, rates: Rates): string[] {
  const [left, rate] = totalBytes > 0 ? [totalBytes - doneBytes, rates.bytes] : [totalItems - doneItems, rates.items]
  const shown = rates.bytes > 0 ? [`${humanBytes(rates.bytes)}/s`] : []
  return left > 0 && rate > 0 ? [...shown, `${clockTime(left / rate)} left`] : shown
}

function bar(share: number, columns: number): string {
  const full = Math.round(columns * share)
  return `[${'#'.repeat(full)}${'-'.repeat(columns - full)}]`
}
