import type { FormatWords } from '../../format.ts'

/** Words inside sizes, times and spans. */
export const formats: FormatWords = {
  tag: 'en-GB',
  units: ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'],
  oneByte: '1 byte',
  today: (clock) => `today, ${clock}`,
  moments: 'a few seconds',
  seconds: (count) => `${count} seconds`,
  minutes: (count) => `${count} minutes`,
  hours: (count) => `${count} hours`,
  days: (count) => `${count} days`,
  percent: (whole) => `${whole} %`,
}
