import type { PowerChoice, PowerStatus } from '@holt/control/power.ts'
import { sendJson } from './request.ts'

export type { PowerChoice, PowerStatus }

/** Calls on what a phone may spend. Each may throw a Refusal. */
export const powerApi = {
  status: () => sendJson<PowerStatus>('GET', 'api/power'),
  set: (choice: PowerChoice) => sendJson<PowerStatus>('PUT', 'api/power', { body: choice }),
}
