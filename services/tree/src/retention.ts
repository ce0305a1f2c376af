import type { Retention } from './types.ts'

const HOUR_SECONDS = 3600
const DAY_SECONDS = 24 * HOUR_SECONDS

/** All of a day, one an hour of a week, one a day of a year. */
export const defaultRetention: Retention = { keepAllSeconds: DAY_SECONDS, hourlySeconds: 7 * DAY_SECONDS, dailySeconds: 365 * DAY_SECONDS }

/**
 * Says of each version, asked newest first, whether it is kept: the last one of an hour or day stands for it. Hours
 * and days are those of UTC, so that pruning again keeps the same ones.
 */
export function keepsVersion({ keepAllSeconds, hourlySeconds, dailySeconds }: Retention, nowSeconds: number): (seconds: number) => boolean {
  let lastHour = Number.NaN
  let lastDay = Number.NaN
  return (seconds) => {
    const ageSeconds = nowSeconds - seconds
    const hour = Math.floor(seconds / HOUR_SECONDS)
    const day = Math.floor(seconds / DAY_SECONDS)
    const kept =
      ageSeconds < keepAllSeconds || (ageSeconds < hourlySeconds && hour !== lastHour) || (ageSeconds < dailySeconds && day !== lastDay)
    if (kept) {
      lastHour = hour
      lastDay = day
    }
    return kept
  }
}
