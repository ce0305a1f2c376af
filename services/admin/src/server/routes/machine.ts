import { methods } from '@holt/control/schema.ts'
import type { Control } from '@holt/control/schema.ts'
import { toHoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'

const tags = ['machine']

/** What the node runs on, and what it said. */
export function machineRoutes(app: AdminApp, { control }: AdminContext): void {
  app.get(
    '/api/machine/counters',
    {
      schema: {
        tags,
        operationId: 'machineCounters',
        summary: methods['machine.counters'].summary,
        response: { 200: methods['machine.counters'].result, ...errorResponses },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send(await control.call('machine.counters', {})),
  )

  app.get(
    '/api/machine/history',
    {
      schema: {
        tags,
        operationId: 'machineHistory',
        summary: methods['machine.history'].summary,
        querystring: Type.Object({ span: methods['machine.history'].params.properties.span }, { additionalProperties: false }),
        response: { 200: methods['machine.history'].result, ...errorResponses },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await control.call('machine.history', { span: request.query.span })),
  )

  app.get(
    '/api/machine/facts',
    {
      schema: {
        tags,
        operationId: 'machineFacts',
        summary: methods['machine.facts'].summary,
        response: { 200: methods['machine.facts'].result, ...errorResponses },
      },
    },
    async () => control.call('machine.facts', {}),
  )

  app.get(
    '/api/log',
    {
      schema: {
        tags,
        operationId: 'log',
        summary: methods['node.log'].summary,
        response: { 200: methods['node.log'].result, ...errorResponses },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send(await control.call('node.log', {})),
  )

  app.get(
    '/api/diagnostics',
    {
      schema: {
        tags,
        operationId: 'diagnostics',
        summary: 'A file for who helps: state, drives, machine and log; no keys, words or passwords',
        response: { 200: Type.Unknown(), ...errorResponses },
      },
    },
    async (_request, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="holt-diagnostics.json"')
        .header('cache-control', 'no-store')
        .type('application/json')
        .send(JSON.stringify(await diagnosticsOf(control), null, 2)),
  )
}

/** What cannot be told stands there with its reason: a file for a node that has a fault must not fail for it. */
async function diagnosticsOf(control: Control): Promise<Record<string, unknown>> {
  const or = <T>(call: Promise<T>): Promise<T | { error: string }> =>
    call.catch((error: unknown) => ({ error: toHoltError(error).message }))
  const [status, drives, classes, machine, counters, log] = await Promise.all([
    or(control.call('node.status', {}).then(({ principal: _, pageUrl: _url, ...status }) => status)),
    or(control.call('drives.list', {})),
    or(control.call('classes.list', {})),
    or(
      control.call('machine.facts', {}).then(({ hostName: _, networks, ...facts }) => ({
        ...facts,
        networks: networks.map(({ addresses: _addresses, ...card }) => card),
      })),
    ),
    or(control.call('machine.counters', {})),
    or(control.call('node.log', {})),
  ])
  return { made: new Date().toISOString(), status, drives, classes, machine, counters, log }
}
