import type { Time } from './types.ts'

export function timeOfMs(ms: number): Time {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)]
}

export function isNotAfter([seconds, nanoseconds]: Time, date: Date): boolean {
  const [limitSeconds, limitNanoseconds] = timeOfMs(date.getTime())
  return seconds < limitSeconds || (seconds === limitSeconds && nanoseconds <= limitNanoseconds)
}
