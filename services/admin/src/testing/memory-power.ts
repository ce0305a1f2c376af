import type { PowerStatus } from '@holt/control/power.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }

/** What a phone that is none may spend: what a test says is so. */
export class MemoryPower {
  status: PowerStatus = { network: 'unmetered', charging: false, always: false, awake: 'viewed', connected: true, waitsFor: null }

  readonly handlers: Handlers = {
    'power.status': async () => this.status,
    'power.set': async (choice) => {
      this.status = { ...this.status, ...choice }
      return this.status
    },
  }
}
