import type { SpaceHistory } from '@holt/control/storage.ts'

/** What was known of the drives at one time. */
export interface SpacePoint {
  time: number
  totalBytes: number
  freeBytes: number
}

const DAY = 86_400
const LOOK_BACK_SECONDS = 120 * DAY
const LEAST_SPAN_SECONDS = 14 * DAY
const LEAST_POINTS = 8
/** Drives that came or went change what "full" is: only what was known of these counts. */
const SAME_TOTAL = 0.005
/** So many of all pairs of days must agree that it grows. */
const AGREEMENT = 0.8
const LONG_SECONDS = 5 * 365 * DAY

/**
 * When the drives would be full at the pace of the last months: by the median of all slopes between two days (Theil–Sen), which one
 * great import or clearing out does not bend. Says nothing when less than two weeks are known, or when use goes up and down.
 *
 * @param points oldest first, the newest is now.
 */
export function forecastOf(points: readonly SpacePoint[]): SpaceHistory['forecast'] {
  const now = points.at(-1)
  if (now === undefined || now.totalBytes <= 0) return { kind: 'unknown' }
  const alike = points.filter(
    ({ time, totalBytes }) => now.time - time <= LOOK_BACK_SECONDS && Math.abs(totalBytes - now.totalBytes) <= SAME_TOTAL * now.totalBytes,
  )
  const span = now.time - (alike[0]?.time ?? now.time)
  if (alike.length < LEAST_POINTS || span < LEAST_SPAN_SECONDS) return { kind: 'unknown' }
  const slopes = slopesOf(alike)
  const slope = slopes[Math.floor(slopes.length / 2)] as number
  if (now.freeBytes <= 0) return { kind: 'full', inSeconds: 0 }
  if (slope * LONG_SECONDS < now.freeBytes) return { kind: 'slow' }
  if (slopes.filter((one) => one > 0).length < AGREEMENT * slopes.length) return { kind: 'unknown' }
  return { kind: 'full', inSeconds: now.freeBytes / slope }
}

/** Bytes a second between each two points, ascending. */
function slopesOf(points: readonly SpacePoint[]): number[] {
  const slopes: number[] = []
  for (const [i, later] of points.entries())
    for (const earlier of points.slice(0, i)) {
      if (later.time > earlier.time) slopes.push((earlier.freeBytes - later.freeBytes) / (later.time - earlier.time))
    }
  return slopes.sort((a, b) => a - b)
}
