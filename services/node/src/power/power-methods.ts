import { HoltError } from '@holt/core/errors.ts'
import type { Methods } from '../method-table.ts'
import type { PhonePower } from './phone-power.ts'

/** Calls on what a phone may spend. */
export function powerMethods(given: PhonePower | null | undefined): Methods<'power.status' | 'power.set'> {
  const power = (): PhonePower => {
    if (!given) throw new HoltError('NOT_A_PHONE', 'this node does not run in the app of a phone')
    return given
  }
  return {
    'power.status': async () => power().status(),
    'power.set': async (choice) => power().set(choice),
  }
}
