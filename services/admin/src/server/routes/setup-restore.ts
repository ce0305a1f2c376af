import { dirname, join } from 'node:path'
import { FoundDrive } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { Job } from '../jobs.ts'

const tags = ['setup']
const strict = { additionalProperties: false }
const Words = Type.String({ minLength: 1, maxLength: 1024 })
const Address = Type.String({ minLength: 1, maxLength: 300, description: 'multiaddress that ends with /p2p/ and the PeerId' })
const Folder = Type.String({ minLength: 1, maxLength: 4096, description: 'absolute folder on the machine of the node' })

/** A root key that was read and waits for its drives; in memory only. */
export interface Restoring {
  key: { words: string; principal: string } | null
}

/** A root key from before: read from words or its backup file, then everything brought back from the drives. */
export function restoreRoutes(app: AdminApp, context: AdminContext, restoring: Restoring): void {
  const { control, owner, jobs, dataFolder } = context
  findRoute(app, context)
  app.post(
    '/api/setup/key/open',
    {
      schema: {
        tags,
        operationId: 'openKey',
        summary: 'Reads a root key from words, or from a backup file and its passphrase, and keeps it for the next step',
        body: Type.Union([
          Type.Object({ words: Words }, strict),
          Type.Object(
            { fileBase64: Type.String({ minLength: 1, maxLength: 65536 }), passphrase: Type.String({ maxLength: 1024 }) },
            strict,
          ),
        ]),
        response: { 200: Type.Object({ principal: Type.String() }), ...errorResponses },
      },
    },
    async (request) => {
      restoring.key = await control.call('key.open', request.body)
      return { principal: restoring.key.principal }
    },
  )

  app.post(
    '/api/setup/recover',
    {
      schema: {
        tags,
        operationId: 'recover',
        summary: 'Brings a tree back with the root key that was read and the drives that are left; or begins an empty one with it',
        body: Type.Object(
          {
            drives: Type.Array(Folder, {
              maxItems: 255,
              description: 'those that are left, and with friends empty ones; none: beside the store',
            }),
            friends: Type.Optional(
              Type.Array(Address, { maxItems: 16, description: 'where nodes of friends are who keep fragments; one leads to the others' }),
            ),
            empty: Type.Optional(Type.Boolean({ description: 'nothing is on the drives: begin anew' })),
            copyTo: Type.Optional(
              Type.Array(Folder, {
                maxItems: 255,
                description:
                  'copies everything there first and leaves the drives as they are; with none named to a folder beside the store',
              }),
            ),
          },
          strict,
        ),
        response: { 202: Job, ...errorResponses },
      },
    },
    async (request, reply) => {
      if (!restoring.key) throw new HoltError('NOT_INITIALIZED', 'give the words or the backup file first')
      const { words } = restoring.key
      const { drives, empty, friends = [] } = request.body
      if (drives.length === 0 && (empty === true || friends.length === 0))
        throw new HoltError('INPUT_INVALID', 'name the drives that are left, or where a friend is', { field: 'drives' })
      const copyTo = request.body.copyTo?.length === 0 ? [join(dataFolder, 'drive')] : request.body.copyTo
      const job = jobs.start('recover', async (options) => {
        const result = empty
          ? await control.call('node.init', { words, drives }, options)
          : await control.call(
              'node.recover',
              { words, drives, ...(copyTo && { copyTo }), ...(friends.length > 0 && { friends }) },
              options,
            )
        await owner.update({ keyMadeHere: false, wordsConfirmed: true })
        await control.call('key.markBackedUp', {})
        restoring.key = null
        return { ...result, words: undefined }
      })
      return reply.code(202).send(job)
    },
  )
}

/** With the set-up code or by the owner only, as all of the set-up: it tells what lies on this machine. */
function findRoute(app: AdminApp, { control, suggestDrives }: AdminContext): void {
  app.post(
    '/api/setup/drives/find',
    {
      schema: {
        tags,
        operationId: 'findDrives',
        summary: 'Drives of an earlier node in these folders, or where drives usually are; nothing is changed',
        body: Type.Object({ folders: Type.Optional(Type.Array(Folder, { minItems: 1, maxItems: 16 })) }, strict),
        response: { 200: Type.Object({ found: Type.Array(FoundDrive) }), ...errorResponses },
      },
    },
    async (request) => {
      const suggested = (await suggestDrives?.())?.map(({ folder }) => dirname(folder)) ?? []
      const folders = request.body.folders ?? suggested.slice(0, MOST_FOLDERS)
      return folders.length === 0 ? { found: [] } : control.call('drives.find', { folders })
    },
  )
}

const MOST_FOLDERS = 64
