import { photoMethods } from '@holt/control/photos.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'

const url = '/api/photos'
const tags = ['photos']

/** The pictures of the phone that the node runs on; a node elsewhere answers NOT_A_PHONE. */
export function photosRoutes(app: AdminApp, { control, log }: Pick<AdminContext, 'control' | 'log'>): void {
  const { 'photos.status': status, 'photos.set': set, 'photos.askAccess': ask } = photoMethods
  const answers = { 200: status.result, ...errorResponses }
  app.get(url, { schema: { tags, operationId: 'photos', summary: status.summary, response: answers } }, async () =>
    control.call('photos.status', {}),
  )

  app.put(
    url,
    { schema: { tags, operationId: 'setPhotos', summary: set.summary, body: set.params, response: answers } },
    async ({ body, ip }) => {
      if (body.on !== undefined) log.info(`turned the backup of pictures ${body.on ? 'on' : 'off'}`, { address: ip })
      return control.call('photos.set', body)
    },
  )

  app.post(
    `${url}/access`,
    {
      schema: {
        tags,
        operationId: 'askForPhotos',
        summary: ask.summary,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 200: ask.result, ...errorResponses },
      },
    },
    async () => control.call('photos.askAccess', {}),
  )
}
