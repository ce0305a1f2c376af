import type { ClassOutlook, Outlook, PeerScore } from '@holt/control/outlook.ts'
import { counted } from './format.ts'
import { printable } from './printable.ts'

/** Of a chance: `one in 250,000`, never more than it is. */
export function oneIn(chance: number): string {
  if (chance >= 1) return 'all'
  const count = Math.min(1e15, (1 + 1e-9) / Math.max(chance, 1e-15))
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1)
  return `one in ${Math.floor(Math.floor(count / digits) * digits).toLocaleString('en-US')}`
}

/** What may be expected of a class, in plain words. */
export function classLines({ redundancyClass, nines, lossPerYear, plannedLossPerYear, moreFriends }: ClassOutlook): string[] {
  const planned = oneIn(plannedLossPerYear)
  const now = lossPerYear === null ? null : oneIn(lossPerYear)
  const later = now === null || now === planned ? '' : `, and ${planned} once friends have all that they are to have`
  const missing =
    moreFriends === 0
      ? 'That is what you wish, or better.'
      : moreFriends === null
        ? `You wish for ${oneIn(10 ** -nines)}: more friends like these do not reach it, they would have to be there more of the time.`
        : `You wish for ${oneIn(10 ** -nines)}: ${counted(moreFriends, 'more friend')} like these, each in another place, would reach it.`
  return [`${printable(redundancyClass)}: ${fileCount(now ?? planned)} would be lost in a year${later}. ${missing}`]
}

function fileCount(chance: string): string {
  return chance === 'all' ? 'everything' : chance.replace('one in', 'one file in')
}

export function outlookLines(outlook: Outlook): string[] {
  const { friends, circles, settled, homePerYear, friendPerYear, classes } = outlook
  const apart = circles === friends ? '' : `, of whom ${circles} do not fall together or with this node`
  return [
    friends === 0 ? 'No friend keeps anything for you.' : `With your ${counted(friends, 'friend')}${apart}:`,
    ...classes.flatMap(classLines).map((line) => `  ${line}`),
    `It is reckoned with one house in ${Math.round(1 / homePerYear)} and one friend in ${Math.round(1 / friendPerYear)} lost in a year; who is away when needed counts as lost.`,
    ...(settled || friends === 0 ? [] : ['Not all of them have been known for a day yet: until then they are not counted on much.']),
  ]
}

export function percentOf(part: number): string {
  return `${(Math.floor(1000 * part) / 10).toFixed(1)} %`
}

/** `there 98.7 % of the time, 24 proofs, 0 faults, answers in 23 ms`. */
export function scoreLine({ trust, availability, proofs, faults, latencyMs, silentSeconds, gone }: PeerScore): string {
  const latency = latencyMs === null ? '' : `, answers in ${latencyMs} ms`
  const silence = silentSeconds < 3600 ? '' : `, silent for ${counted(Math.floor(silentSeconds / 3600), 'hour')}`
  return `Score ${trust} of 100: there ${percentOf(availability)} of the time, ${counted(proofs, 'proof')} given, ${counted(faults, 'fault')}${latency}${silence}${gone ? '; counts as gone, and others get what it has' : ''}.`
}
