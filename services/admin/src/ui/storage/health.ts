import type { ClassInfo, DriveInfo, Status } from '../api/calls.ts'
import { texts } from '../texts/texts.ts'

export interface Health {
  level: 'good' | 'warn' | 'bad'
  title: string
  text: string
  /** Repair would help. */
  repair: boolean
}

/** Says in plain words how safe the files are. The worst that is true comes first. */
export function healthOf(drives: readonly DriveInfo[], classes: readonly ClassInfo[], { store }: Status): Health {
  const lost = drives.filter(({ state }) => state === 'missing' || state === 'failing').length
  const losses = Math.min(...classes.map(({ lossesSurvived }) => lossesSurvived), Number.POSITIVE_INFINITY)
  if (store.lostPacks > 0) return { level: 'bad', title: texts.storage.gone, text: texts.storage.goneText(store.lostPacks), repair: true }
  if (drives.length === 0) return { level: 'warn', title: texts.storage.noDrives, text: texts.storage.noDrivesText, repair: false }
  if (lost > 0)
    return {
      level: losses > 0 ? 'warn' : 'bad',
      title: texts.storage.lost(lost),
      text: texts.storage.lostMargin(Math.max(0, finite(losses))),
      repair: true,
    }
  if (store.degradedPacks > 0)
    return { level: 'warn', title: texts.storage.short, text: texts.storage.lostMargin(Math.max(0, finite(losses))), repair: true }
  if (finite(losses) <= 0) return { level: 'warn', title: texts.storage.bare, text: texts.storage.bareText, repair: false }
  return {
    level: 'good',
    title: texts.storage.safe(finite(losses)),
    text: store.unspreadBytes > 0 ? texts.storage.spreading(store.unspreadBytes) : texts.storage.safeText,
    repair: false,
  }
}

function finite(losses: number): number {
  return Number.isFinite(losses) ? losses : 0
}
