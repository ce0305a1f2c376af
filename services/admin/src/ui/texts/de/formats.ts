import type { Texts } from '../texts.ts'

export const formats: Texts['formats'] = {
  tag: 'de-DE',
  units: ['Byte', 'KB', 'MB', 'GB', 'TB', 'PB'],
  oneByte: '1 Byte',
  today: (clock) => `heute, ${clock}`,
  moments: 'wenige Sekunden',
  seconds: (count) => `${count} Sekunden`,
  minutes: (count) => `${count} Minuten`,
  hours: (count) => `${count} Stunden`,
  days: (count) => `${count} Tage`,
  percent: (whole) => `${whole} %`,
}
