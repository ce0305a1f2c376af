import type { Entry } from '@holt/control/schema.ts'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** 1023 B, 1.5 KiB, 12 MiB: two figures or more. */
export function humanBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (Math.round(value) >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const figures = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value))
  return `${figures} ${units[unit]}`
}

/** 12 345: thousands apart, the same in every language. */
export function humanCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${humanCount(count)} ${count === 1 ? one : many}`
}

/** 0:07, 12:30, 3:05:00. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** 5 s, 3 min, 2 h 5 min, 4 days. */
export function humanDuration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min`
  if (whole < 2 * 86400) return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`
  return `${Math.floor(whole / 86400)} days`
}

/** Local time: 2026-11-21 09:05. */
export function localTime(secondsSince1970: number): string {
  const date = new Date(secondsSince1970 * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const typeLetters = { file: '-', directory: 'd', symlink: 'l', volume: 'v' } as const

/** drwxr-xr-x, with s and t as `ls` has them. */
export function modeText({ type, mode }: Pick<Entry, 'type' | 'mode'>): string {
  const bit = (value: number, letter: string) => ((mode & value) !== 0 ? letter : '-')
  const execute = (value: number, special: number, letter: string) => {
    if ((mode & special) === 0) return bit(value, 'x')
    return (mode & value) !== 0 ? letter : letter.toUpperCase()
  }
  const owner = bit(0o400, 'r') + bit(0o200, 'w') + execute(0o100, 0o4000, 's')
  const group = bit(0o040, 'r') + bit(0o020, 'w') + execute(0o010, 0o2000, 's')
  const others = bit(0o004, 'r') + bit(0o002, 'w') + execute(0o001, 0o1000, 't')
  return typeLetters[type] + owner + group + others
}
