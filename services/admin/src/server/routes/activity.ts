import { Type } from 'typebox'
import { Activity } from '../activity/activity-log.ts'
import { theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'

/** Who did what, when. Others than the owner see what they did themselves. */
export function activityRoutes(app: AdminApp, { activity }: AdminContext): void {
  app.get(
    '/api/activity',
    {
      schema: {
        tags: ['activity'],
        operationId: 'activity',
        summary: 'What people did through the page and programs through tokens, newest first',
        querystring: Type.Object(
          {
            person: Type.Optional(Type.String({ maxLength: 16, description: "'owner', the id of a person, or '' for strangers" })),
            kind: Type.Optional(Type.String({ maxLength: 32, description: 'files, session, people, …' })),
            before: Type.Optional(Type.Integer({ minimum: 1, description: 'older than the one with this n' })),
            fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
            toMs: Type.Optional(Type.Integer({ minimum: 0 })),
            refused: Type.Optional(Type.Boolean({ description: 'only what was refused, or only what was done' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ entries: Type.Array(Activity), more: Type.Boolean() }), ...errorResponses },
      },
    },
    async (request) => {
      const { role, person } = theCaller(request)
      const { limit = 100, ...filter } = request.query
      return activity.list({ ...filter, ...(role === 'owner' ? {} : { person }), limit })
    },
  )
}
