import { DriveInfo, Status } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { recognise } from '../auth/recognise.ts'
import { NoContent, Password, signIn } from './session.ts'
import { joinRoutes } from './setup-join.ts'
import { keySetupRoutes } from './setup-key.ts'
import { type Restoring, restoreRoutes } from './setup-restore.ts'

const tags = ['setup']
export const SETUP_CODE_HEADER = 'x-holt-setup-code'

export const SetupState = Type.Object({
  hasPassword: Type.Boolean(),
  nodeState: Status.properties.state,
  wordsConfirmed: Type.Boolean(),
  mayShowWords: Type.Boolean({ description: 'the root key was made here and its words are not confirmed yet' }),
  keyBackedUp: Type.Boolean(),
  keyToRestore: Type.Union([Type.String({ description: 'principal of a root key that was read and waits for its drives' }), Type.Null()]),
  finished: Type.Boolean(),
  drives: Type.Array(DriveInfo),
  phoneUrl: Type.Union([Type.String({ description: 'where a phone in the same network goes on' }), Type.Null()]),
  suggestions: Type.Array(Type.Object({ folder: Type.String(), totalBytes: Type.Number(), freeBytes: Type.Number() })),
})

/** The wizard. Until an owner password exists every route here needs the set-up code, from then on a session. */
export function setupRoutes(app: AdminApp, context: AdminContext): void {
  const restoring: Restoring = { key: null }
  app.addHook('onRequest', async (request) => checkMaySetUp(context, request))
  stateRoute(app, context, restoring)
  firstRoutes(app, context)
  app.register(async (keys: AdminApp) => {
    keys.addHook('preHandler', async () => {
      if (!context.owner.hasPassword) throw new HoltError('NOT_INITIALIZED', 'set the owner password first')
    })
    keySetupRoutes(keys, context)
    restoreRoutes(keys, context, restoring)
    joinRoutes(keys, context)
  })
}

function checkMaySetUp(context: AdminContext, request: FastifyRequest): void {
  const code = context.setupCode()
  if (code === null) {
    const caller = recognise(context, request)
    if (caller === null || caller.token !== null) throw new HoltError('NOT_SIGNED_IN', 'sign in first')
    if (caller.role !== 'owner') throw new HoltError('NOT_AUTHORIZED', 'only the owner may do this')
    return
  }
  const typed = request.headers[SETUP_CODE_HEADER]
  code.check(typeof typed === 'string' ? typed : undefined)
}

function stateRoute(app: AdminApp, { control, owner, suggestDrives, phoneUrl }: AdminContext, restoring: Restoring): void {
  app.get(
    '/api/setup',
    { schema: { tags, operationId: 'setupState', summary: 'How far the set-up is', response: { 200: SetupState, ...errorResponses } } },
    async (request) => {
      const status = await control.call('node.status', {})
      const { drives } = status.state === 'ready' ? await control.call('drives.list', {}) : { drives: [] }
      const { keyMadeHere, wordsConfirmed, setUpFinished } = owner.progress
      return {
        hasPassword: owner.hasPassword,
        nodeState: status.state,
        wordsConfirmed,
        mayShowWords: keyMadeHere && !wordsConfirmed,
        keyBackedUp: status.keyBackedUp,
        keyToRestore: restoring.key?.principal ?? null,
        finished: setUpFinished,
        drives,
        phoneUrl: phoneUrl(request.socket.localAddress),
        suggestions: (await suggestDrives?.()) ?? [],
      }
    },
  )
}

function firstRoutes(app: AdminApp, context: AdminContext): void {
  const { control, owner, log } = context

  app.post(
    '/api/setup/code',
    {
      schema: {
        tags,
        operationId: 'checkSetupCode',
        summary: `Whether the code in the ${SETUP_CODE_HEADER} header is right`,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (_request, reply) => reply.code(204).send(null),
  )

  app.post(
    '/api/setup/password',
    {
      schema: {
        tags,
        operationId: 'setFirstPassword',
        summary: 'Sets the owner password and signs in',
        body: Type.Object({ password: Password }, { additionalProperties: false }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await owner.setFirstPassword(request.body.password)
      context.passwordSet()
      await signIn(context, request, reply)
      log.info('owner password set', { address: request.ip })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/setup/finish',
    { schema: { tags, operationId: 'finishSetup', summary: 'Ends the set-up', response: { 204: NoContent, ...errorResponses } } },
    async (_request, reply) => {
      if (!owner.hasPassword) throw new HoltError('NOT_INITIALIZED', 'set the owner password first')
      const status = await control.call('node.status', {})
      if (status.state !== 'ready') throw new HoltError('NOT_INITIALIZED', 'make or restore the root key first')
      if (owner.progress.keyMadeHere && !owner.progress.wordsConfirmed) throw new HoltError('NOT_INITIALIZED', 'confirm the words first')
      await owner.update({ setUpFinished: true })
      log.info('set-up finished')
      return reply.code(204).send(null)
    },
  )
}
