import { language } from './texts.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte']
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
const minute = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' })

/** Decimal units, as drives are sold by. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1
  const style = { style: 'unit', unit: units[unit] as string, unitDisplay: unit === 0 ? 'long' : 'short' } as const
  return new Intl.NumberFormat(language, { ...style, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

export function dateText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : day.format(date)
}

export function exactDateText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : minute.format(date)
}
