import { DriveInfo, methods, Status } from '@holt/control/schema.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['storage']
const strict = { additionalProperties: false }

export function storageRoutes(app: AdminApp, { control, suggestDrives, log }: AdminContext): void {
  app.get(
    '/api/status',
    { schema: { tags, operationId: 'status', summary: methods['node.status'].summary, response: { 200: Status, ...errorResponses } } },
    async () => control.call('node.status', {}),
  )

  app.get(
    '/api/drives',
    {
      schema: {
        tags,
        operationId: 'drives',
        summary: methods['drives.list'].summary,
        response: {
          200: Type.Object({
            drives: Type.Array(DriveInfo),
            suggestions: Type.Array(Type.Object({ folder: Type.String(), totalBytes: Type.Number(), freeBytes: Type.Number() }), {
              description: 'folders that may become drives',
            }),
          }),
          ...errorResponses,
        },
      },
    },
    async () => {
      const { drives } = await control.call('drives.list', {})
      const taken = new Set(drives.map(({ folder }) => folder))
      const suggestions = ((await suggestDrives?.()) ?? []).filter(({ folder }) => !taken.has(folder))
      return { drives, suggestions }
    },
  )

  app.post(
    '/api/drives',
    {
      schema: {
        tags,
        operationId: 'addDrive',
        summary: methods['drives.add'].summary,
        body: Type.Object({ folder: Type.String({ minLength: 1, maxLength: 4096 }) }, strict),
        response: { 201: DriveInfo, ...errorResponses },
      },
    },
    async (request, reply) => {
      const drive = await control.call('drives.add', { folder: request.body.folder })
      log.info('drive added', { folder: drive.folder })
      return reply.code(201).send(drive)
    },
  )

  app.get(
    '/api/classes',
    {
      schema: {
        tags,
        operationId: 'classes',
        summary: methods['classes.list'].summary,
        response: { 200: methods['classes.list'].result, ...errorResponses },
      },
    },
    async () => control.call('classes.list', {}),
  )

  app.put(
    '/api/classes/:name',
    {
      schema: {
        tags,
        operationId: 'setClass',
        summary: methods['classes.set'].summary,
        params: Type.Object({ name: methods['classes.set'].params.properties.name }),
        body: Type.Object(
          { dataFragments: Type.Integer({ minimum: 1, maximum: 254 }), totalFragments: Type.Integer({ minimum: 1, maximum: 255 }) },
          strict,
        ),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('classes.set', { name: request.params.name, ...request.body })
      return reply.code(204).send(null)
    },
  )
}
