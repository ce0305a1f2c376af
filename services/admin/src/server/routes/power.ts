import { powerMethods } from '@holt/control/power.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'

const url = '/api/power'
const tags = ['power']

/** What a phone may spend on being among others; a node elsewhere answers NOT_A_PHONE. */
export function powerRoutes(app: AdminApp, { control }: Pick<AdminContext, 'control'>): void {
  const { 'power.status': status, 'power.set': set } = powerMethods
  const answers = { 200: status.result, ...errorResponses }
  app.get(url, { schema: { tags, operationId: 'power', summary: status.summary, response: answers } }, async () =>
    control.call('power.status', {}),
  )
  app.put(url, { schema: { tags, operationId: 'setPower', summary: set.summary, body: set.params, response: answers } }, async ({ body }) =>
    control.call('power.set', body),
  )
}
