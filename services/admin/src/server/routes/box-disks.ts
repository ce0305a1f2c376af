import { DiskHealth } from '@holt/control/box/methods.ts'
import { methods } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { Job } from '../jobs.ts'

const tags = ['box']
const prepare = methods['box.disks.prepare'].params

/** What is plugged into the box, and how one of them becomes a drive of the node. */
export function disksRoutes(app: AdminApp, { control, jobs, log }: AdminContext): void {
  app.get(
    '/api/box/disks',
    {
      schema: {
        tags,
        operationId: 'disks',
        summary: methods['box.disks.list'].summary,
        response: { 200: methods['box.disks.list'].result, ...errorResponses },
      },
    },
    async () => control.call('box.disks.list', {}),
  )

  app.get(
    '/api/box/disks/health',
    {
      schema: {
        tags,
        operationId: 'diskHealth',
        summary: methods['box.disks.health'].summary,
        querystring: methods['box.disks.health'].params,
        response: { 200: DiskHealth, ...errorResponses },
      },
    },
    async (request) => control.call('box.disks.health', { device: request.query.device }),
  )

  app.post(
    '/api/box/disks/prepare',
    {
      schema: {
        tags,
        operationId: 'prepareDisk',
        summary: 'Erases a drive, makes it one for Holt, and adds it to the node; consent as the list of drives says',
        body: Type.Object({ device: prepare.properties.device, consent: prepare.properties.consent }, { additionalProperties: false }),
        response: { 202: Job, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { device, consent } = request.body
      // the helper asks for it too; here it is said before a job begins
      const { disks } = await control.call('box.disks.list', {})
      const disk = disks.find((one) => one.device === device)
      if (disk === undefined) throw new HoltError('NOT_FOUND', `there is no drive ${device}`, { device })
      if (disk.consent !== consent) throw new HoltError('CONSENT_MISSING', `type '${disk.consent}' to agree`, { device })
      const job = jobs.start(
        'prepare-drive',
        async (options) => {
          const { folder } = await control.call('box.disks.prepare', { device, consent }, options)
          return control.call('drives.add', { folder })
        },
        device,
      )
      log.warn('a drive is erased and made one for Holt', { device, address: request.ip })
      return reply.code(202).send(job)
    },
  )
}
