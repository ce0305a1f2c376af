import { methods } from '@holt/control/schema.ts'
import { FolderFacts, RetentionPreview, SpaceHistory } from '@holt/control/storage.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkPath } from '../files/tree-path.ts'
import { StorageCheck } from '../storage-checks.ts'
import { NoContent } from './session.ts'

const tags = ['storage']
const strict = { additionalProperties: false }
const Path = Type.String({ minLength: 1, maxLength: 65536 })

/** How full the drives were, how safe each folder is kept, when everything was last checked. */
export function storagePlansRoutes(app: AdminApp, { control, checks }: AdminContext): void {
  app.get(
    '/api/space',
    {
      schema: {
        tags,
        operationId: 'spaceHistory',
        summary: methods['space.history'].summary,
        querystring: methods['space.history'].params,
        response: { 200: SpaceHistory, ...errorResponses },
      },
    },
    async (request) => control.call('space.history', request.query),
  )

  app.get(
    '/api/checks',
    {
      schema: {
        tags,
        operationId: 'storageChecks',
        summary: 'When everything stored was last verified and repaired, and what came of it; newest first',
        response: { 200: Type.Object({ checks: Type.Array(StorageCheck) }), ...errorResponses },
      },
    },
    async () => ({ checks: checks.list() }),
  )

  app.get(
    '/api/folder-classes',
    {
      schema: {
        tags,
        operationId: 'folderClasses',
        summary: methods['classes.folders'].summary,
        querystring: methods['classes.folders'].params,
        response: { 200: methods['classes.folders'].result, ...errorResponses },
      },
    },
    async (request) => control.call('classes.folders', request.query),
  )

  app.get(
    '/api/folder-classes/choices',
    {
      schema: {
        tags,
        operationId: 'classChoices',
        summary: methods['classes.choices'].summary,
        response: { 200: methods['classes.choices'].result, ...errorResponses },
      },
    },
    async () => control.call('classes.choices', {}),
  )

  app.get(
    '/api/folder-classes/folder',
    {
      schema: {
        tags,
        operationId: 'folderFacts',
        summary: methods['classes.folder'].summary,
        querystring: Type.Object({ path: Path }, strict),
        response: { 200: FolderFacts, ...errorResponses },
      },
    },
    async (request) => control.call('classes.folder', { path: checkPath(request.query.path) }),
  )

  app.put(
    '/api/folder-classes/folder',
    {
      schema: {
        tags,
        operationId: 'setFolderClass',
        summary: 'Chooses how safe what is written into a folder from now on is kept; null: as the folder above it',
        body: Type.Object({ path: Path, redundancyClass: Type.Union([Type.String({ minLength: 1, maxLength: 32 }), Type.Null()]) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { redundancyClass } = request.body
      const path = checkPath(request.body.path)
      const { choices } = await control.call('classes.choices', {})
      if (redundancyClass !== null && !choices.some(({ name }) => name === redundancyClass))
        throw new HoltError('INPUT_INVALID', `there is no class '${redundancyClass}'`, { field: 'redundancyClass' })
      await control.call('files.setClass', { path, redundancyClass })
      return reply.code(204).send(null)
    },
  )
}

/** On the page a year is offered; a century is a slip of the finger. */
const Rules = Type.Object(
  {
    keepAllHours: Type.Integer({ minimum: 1, maximum: 24 * 90 }),
    hourlyDays: Type.Integer({ minimum: 0, maximum: 730 }),
    dailyDays: Type.Integer({ minimum: 1, maximum: 36500 }),
    trashDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  },
  strict,
)

/** How long versions and the trash are kept. */
export function retentionRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.get(
    '/api/retention',
    {
      schema: {
        tags,
        operationId: 'retention',
        summary: methods['retention.get'].summary,
        response: { 200: methods['retention.get'].result, ...errorResponses },
      },
    },
    async () => control.call('retention.get', {}),
  )

  app.post(
    '/api/retention/preview',
    {
      schema: {
        tags,
        operationId: 'previewRetention',
        summary: methods['retention.preview'].summary,
        body: Rules,
        response: { 200: RetentionPreview, ...errorResponses },
      },
    },
    async (request) => control.call('retention.preview', request.body),
  )

  app.put(
    '/api/retention',
    {
      schema: {
        tags,
        operationId: 'setRetention',
        summary: 'Sets which versions are kept, and for how long the trash; what is too old by them goes within the hour',
        body: Rules,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('retention.set', request.body)
      log.info('retention changed', { ...request.body })
      return reply.code(204).send(null)
    },
  )
}
