/** How sizes, times and numbers are written, everywhere alike. */

const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB']

/** '0 bytes', '1 byte', '12.3 MB': decimal units, as drives are sold by. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  if (unit === 0) return value === 1 ? '1 byte' : `${value} bytes`
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export function countText(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' })

/** 'today, 14:05', '3 Mar', '3 Mar 2021'. */
export function dateText(seconds: number, now = new Date()): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return ''
  if (date.toDateString() === now.toDateString()) return `today, ${clock.format(date)}`
  return date.getFullYear() === now.getFullYear() ? dayOfYear.format(date) : day.format(date)
}

const hour = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' })

/** 'Sunday 22 November at 03:00'. */
export function hourText(seconds: number): string {
  return hour.format(new Date(seconds * 1000))
}

/** Of a date in ISO 8601; what is none stays as it is. */
export function dateOfText(text: string): string {
  return dateText(Date.parse(text) / 1000) || text
}

export function exactDateText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : exact.format(date)
}

/** '14:05' today, else with the day. */
export function clockText(seconds: number, now = new Date()): string {
  const date = new Date(seconds * 1000)
  return date.toDateString() === now.toDateString() ? clock.format(date) : `${dayOfYear.format(date)}, ${clock.format(date)}`
}

/** 'a few seconds', '40 seconds', '3 minutes', '2 hours'. */
export function durationText(seconds: number): string {
  if (seconds < 10) return 'a few seconds'
  if (seconds < 90) return `${Math.round(seconds / 10) * 10} seconds`
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`
  return `${Math.floor(seconds / 86_400)} days`
}

export function percentText(part: number, whole: number): string {
  return whole <= 0 ? '' : `${Math.floor((100 * Math.min(part, whole)) / whole)} %`
}
