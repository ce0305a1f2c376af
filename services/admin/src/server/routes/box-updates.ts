import { BundleInfo, UpdatePlanState, UpdateStatus } from '@holt/control/box/methods.ts'
import { methods } from '@holt/control/schema.ts'
import type { FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { GivenBundle } from '../box/given-bundle.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { Job } from '../jobs.ts'
import { NoContent } from './session.ts'

const tags = ['box']

/** What the box runs, and what it could run instead. */
export function updatesRoutes(app: AdminApp, { control, dataFolder, jobs, log }: AdminContext): void {
  const given = new GivenBundle(dataFolder)

  app.get(
    '/api/box/updates',
    {
      schema: {
        tags,
        operationId: 'updates',
        summary: 'Slots and versions, what could be installed, and when it would be by itself',
        response: { 200: Type.Object({ status: UpdateStatus, plan: Type.Union([UpdatePlanState, Type.Null()]) }), ...errorResponses },
      },
    },
    async () => {
      const status = await control.call('box.updates.status', {})
      return { status, plan: status.available ? await control.call('box.updates.plan', {}) : null }
    },
  )

  app.put(
    '/api/box/updates/plan',
    {
      schema: {
        tags,
        operationId: 'setUpdatePlan',
        summary: methods['box.updates.setPlan'].summary,
        body: methods['box.updates.setPlan'].params,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('box.updates.setPlan', request.body)
      log.info('update plan changed', { address: request.ip })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/box/updates/look',
    {
      schema: {
        tags,
        operationId: 'lookForUpdates',
        summary: methods['box.updates.look'].summary,
        response: { 202: Job, ...errorResponses },
      },
    },
    async (_request, reply) =>
      reply.code(202).send(jobs.start('fetch-updates', (options) => control.call('box.updates.look', {}, options))),
  )

  app.post(
    '/api/box/updates/install',
    {
      schema: {
        tags,
        operationId: 'installUpdate',
        summary: methods['box.updates.install'].summary,
        body: methods['box.updates.install'].params,
        response: { 202: Job, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { path } = request.body
      const { version } = await control.call('box.updates.inspect', { path })
      const job = jobs.start(
        'install-update',
        async (options) => {
          await control.call('box.updates.install', { path }, options)
          if (path === given.path) await given.remove()
          return { version }
        },
        version,
      )
      log.info('update begun', { version, path, address: request.ip })
      return reply.code(202).send(job)
    },
  )
}

/** A bundle that the owner has on the computer in front of them. */
export function bundleRoutes(app: AdminApp, { control, dataFolder, log }: AdminContext): void {
  const given = new GivenBundle(dataFolder)

  app.put(
    '/api/box/updates/bundle',
    {
      schema: {
        tags,
        operationId: 'giveBundle',
        summary: 'Takes a bundle from the raw body and says what it is; what is not signed for this box is not kept',
        consumes: ['application/octet-stream'],
        response: { 201: Type.Object({ ...BundleInfo.properties, path: Type.String() }), ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('box.updates.status', {})
      await given.write(bodyOf(request))
      try {
        const info = await control.call('box.updates.inspect', { path: given.path })
        log.info('update given', { version: info.version, address: request.ip })
        return reply.code(201).send({ ...info, path: given.path })
      } catch (error) {
        await given.remove()
        throw error
      }
    },
  )

  app.delete(
    '/api/box/updates/bundle',
    { schema: { tags, operationId: 'dropBundle', summary: 'Forgets it', response: { 204: NoContent, ...errorResponses } } },
    async (_request, reply) => {
      await given.remove()
      return reply.code(204).send(null)
    },
  )
}

async function* bodyOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  for await (const chunk of (request.body as Readable | undefined) ?? []) yield chunk as Uint8Array
}
