/** How sizes, times and numbers are written, everywhere alike, in the language that is shown. */

/** What a language adds to numbers and dates. */
export interface FormatWords {
  /** BCP 47, for dates and numbers. */
  tag: string
  units: readonly [string, string, string, string, string, string]
  oneByte: string
  today: (clock: string) => string
  moments: string
  seconds: (count: string) => string
  minutes: (count: string) => string
  hours: (count: string) => string
  days: (count: string) => string
  percent: (whole: string) => string
}

interface Formats {
  words: FormatWords
  whole: Intl.NumberFormat
  tenths: Intl.NumberFormat
  day: Intl.DateTimeFormat
  dayOfYear: Intl.DateTimeFormat
  clock: Intl.DateTimeFormat
  hour: Intl.DateTimeFormat
  exact: Intl.DateTimeFormat
  exactClock: Intl.DateTimeFormat
}

let formats: Formats

/** Writes as this language does from now on. */
export function setFormats(words: FormatWords): void {
  const { tag } = words
  formats = {
    words,
    whole: new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }),
    tenths: new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    day: new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' }),
    dayOfYear: new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }),
    clock: new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }),
    hour: new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }),
    exact: new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'medium' }),
    exactClock: new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }),
  }
}

/** '0 bytes', '1 byte', '12.3 MB': decimal units, as drives are sold by. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  const { words, whole, tenths } = formats
  while (value >= 999.5 && unit < words.units.length - 1) {
    value /= 1000
    unit++
  }
  if (unit === 0 && value === 1) return words.oneByte
  return `${unit === 0 || value >= 9.95 ? whole.format(value) : tenths.format(value)} ${words.units[unit]}`
}

export function numberText(count: number): string {
  return formats.whole.format(count)
}

/** '1.5' for 1.52; '2' stays '2.0': how many times as much. */
export function factorText(factor: number): string {
  return formats.tenths.format(factor)
}

/** '1 file', '2,000 files': for languages with two forms, which is the catalogue's to know. */
export function countText(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`
}

/** 'today, 14:05', '3 Mar', '3 Mar 2021'. */
export function dateText(seconds: number, now = new Date()): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return ''
  if (date.toDateString() === now.toDateString()) return formats.words.today(formats.clock.format(date))
  return date.getFullYear() === now.getFullYear() ? formats.dayOfYear.format(date) : formats.day.format(date)
}

/** 'Sunday 22 November at 03:00'. */
export function hourText(seconds: number): string {
  return formats.hour.format(new Date(seconds * 1000))
}

/** Of a date in ISO 8601; what is none stays as it is. */
export function dateOfText(text: string): string {
  return dateText(Date.parse(text) / 1000) || text
}

export function exactDateText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : formats.exact.format(date)
}

/** '22 Nov 2026, 14:05:09'. */
export function exactClockText(seconds: number): string {
  return formats.exactClock.format(new Date(seconds * 1000))
}

/** '14:05' today, else with the day. */
export function clockText(seconds: number, now = new Date()): string {
  const date = new Date(seconds * 1000)
  return date.toDateString() === now.toDateString()
    ? formats.clock.format(date)
    : `${formats.dayOfYear.format(date)}, ${formats.clock.format(date)}`
}

/** 'a few seconds', '40 seconds', '3 minutes', '2 hours'. */
export function durationText(seconds: number): string {
  const { words } = formats
  if (seconds < 10) return words.moments
  if (seconds < 90) return words.seconds(numberText(Math.round(seconds / 10) * 10))
  if (seconds < 5400) return words.minutes(numberText(Math.round(seconds / 60)))
  if (seconds < 172_800) return words.hours(numberText(Math.round(seconds / 3600)))
  return words.days(numberText(Math.floor(seconds / 86_400)))
}

export function percentText(part: number, whole: number): string {
  return whole <= 0 ? '' : formats.words.percent(numberText(Math.floor((100 * Math.min(part, whole)) / whole)))
}
