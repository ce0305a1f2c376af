import type { PowerStatus } from '@holt/control/power.ts'
import type { PhoneConditions } from '../photos/phone-media.ts'
import type { PowerSettings } from './power-settings.ts'

export interface PowerFacts extends PhoneConditions {
  /** Somebody looks at the app. */
  viewed: boolean
  /** There is, or may be, something to do. */
  window: boolean
}

/** What follows from the owner's rules and from how things are. The line costs money, so its rule holds while the app is open, too. */
export function decide({ network, charging, always }: PowerSettings, now: PowerFacts): Omit<PowerStatus, keyof PowerSettings> {
  const hasLine = network === 'any' || (network === 'wifi' ? now.wifi : !now.metered)
  const waitsFor = !hasLine ? 'network' : charging && !now.charging && !now.viewed ? 'charging' : null
  const isAlways = always && waitsFor === null
  const awake = now.viewed ? 'viewed' : now.charging ? 'charging' : now.window ? 'window' : isAlways ? 'always' : null
  return { awake, connected: awake !== null && waitsFor === null, waitsFor }
}
