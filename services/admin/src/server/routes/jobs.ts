import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { sendEvents } from '../event-stream.ts'
import { Job, type JobWork } from '../jobs.ts'

const tags = ['jobs']
const strict = { additionalProperties: false }
const JobId = Type.Object({ id: Type.String({ maxLength: 64 }) })

const StartJob = Type.Union([
  Type.Object({ kind: Type.Union([Type.Literal('verify'), Type.Literal('repair')]) }, strict),
  Type.Object(
    {
      kind: Type.Literal('remove-drive'),
      drive: Type.String({ minLength: 1, maxLength: 4096, description: 'folder or id' }),
      force: Type.Optional(Type.Boolean({ description: 'forget a drive that is gone' })),
    },
    strict,
  ),
])

export function jobsRoutes(app: AdminApp, { control, jobs, log }: AdminContext): void {
  app.get(
    '/api/jobs',
    {
      schema: {
        tags,
        operationId: 'jobs',
        summary: 'Long work, newest first',
        response: { 200: Type.Object({ jobs: Type.Array(Job) }), ...errorResponses },
      },
    },
    async () => ({ jobs: jobs.list() }),
  )

  app.post(
    '/api/jobs',
    {
      schema: {
        tags,
        operationId: 'startJob',
        summary: 'Begins to verify, to repair, or to remove a drive',
        body: StartJob,
        response: { 202: Job, ...errorResponses },
      },
    },
    async (request, reply) => {
      const job = jobs.start(request.body.kind, workOf(request.body, control))
      log.info(`${job.kind} begun`, { job: job.id })
      return reply.code(202).send(job)
    },
  )

  app.get(
    '/api/jobs/:id',
    { schema: { tags, operationId: 'job', summary: 'One of them', params: JobId, response: { 200: Job, ...errorResponses } } },
    async (request) => jobs.get(request.params.id),
  )

  app.delete(
    '/api/jobs/:id',
    { schema: { tags, operationId: 'cancelJob', summary: 'Cancels it', params: JobId, response: { 202: Job, ...errorResponses } } },
    async (request, reply) => reply.code(202).send(jobs.cancel(request.params.id)),
  )

  app.get(
    '/api/jobs/:id/events',
    {
      schema: {
        tags,
        operationId: 'watchJob',
        summary: 'Server-sent events named job, each with the job as data; ends with the job',
        params: JobId,
        response: { 200: { description: 'events', content: { 'text/event-stream': { schema: Type.Unknown() } } }, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { id } = jobs.get(request.params.id)
      return sendEvents(reply, 'job', (signal) => jobs.watch(id, signal))
    },
  )
}

function workOf(start: Static<typeof StartJob>, control: AdminContext['control']): JobWork {
  if (start.kind === 'verify') return (options) => control.call('doctor.run', {}, options)
  if (start.kind === 'repair') return (options) => control.call('doctor.run', { repair: true }, options)
  if (start.kind === 'remove-drive') return (options) => control.call('drives.remove', { folder: start.drive, force: start.force }, options)
  throw new HoltError('INTERNAL', 'an unknown kind of job')
}
