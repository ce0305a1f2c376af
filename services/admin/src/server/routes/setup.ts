import { randomInt } from 'node:crypto'
import { DriveInfo, Status } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { Job } from '../jobs.ts'
import { checkSignedIn, NoContent, Password, signIn } from './session.ts'

const tags = ['setup']
export const SETUP_CODE_HEADER = 'x-holt-setup-code'
const ASKED_WORDS = 3
const WORD_COUNT = 24

const strict = { additionalProperties: false }
const Words = Type.String({ minLength: 1, maxLength: 1024 })
const Folder = Type.String({ minLength: 1, maxLength: 4096, description: 'absolute folder on the machine of the node' })

export const SetupState = Type.Object({
  hasPassword: Type.Boolean(),
  nodeState: Status.properties.state,
  wordsConfirmed: Type.Boolean(),
  mayShowWords: Type.Boolean({ description: 'the root key was made here and its words are not confirmed yet' }),
  keyBackedUp: Type.Boolean(),
  keyToRestore: Type.Union([Type.String({ description: 'principal of a root key that was read and waits for its drives' }), Type.Null()]),
  finished: Type.Boolean(),
  drives: Type.Array(DriveInfo),
  suggestions: Type.Array(Type.Object({ folder: Type.String(), totalBytes: Type.Number(), freeBytes: Type.Number() })),
})

/** The wizard. Until an owner password exists every route here needs the set-up code, from then on a session. */
export function setupRoutes(app: AdminApp, context: AdminContext): void {
  app.addHook('onRequest', async (request) => checkMaySetUp(context, request))
  firstRoutes(app, context)
  keyRoutes(app, context)
}

function checkMaySetUp(context: AdminContext, request: FastifyRequest): void {
  const code = context.setupCode()
  if (code === null) return checkSignedIn(context, request)
  const typed = request.headers[SETUP_CODE_HEADER]
  code.check(typeof typed === 'string' ? typed : undefined)
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
        body: Type.Object({ password: Password }, strict),
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

function keyRoutes(app: AdminApp, context: AdminContext): void {
  const { control, owner, jobs } = context
  let candidate: { words: string; principal: string } | null = null
  let asked: number[] = []

  app.addHook('preHandler', async (request) => {
    const open = ['/api/setup/code', '/api/setup/password', '/api/setup']
    if (!owner.hasPassword && !open.includes(request.routeOptions.url ?? ''))
      throw new HoltError('NOT_INITIALIZED', 'set the owner password first')
  })

  app.get(
    '/api/setup',
    { schema: { tags, operationId: 'setupState', summary: 'How far the set-up is', response: { 200: SetupState, ...errorResponses } } },
    async () => {
      const status = await control.call('node.status', {})
      const { drives } = status.state === 'ready' ? await control.call('drives.list', {}) : { drives: [] }
      const { keyMadeHere, wordsConfirmed, setUpFinished } = owner.progress
      return {
        hasPassword: owner.hasPassword,
        nodeState: status.state,
        wordsConfirmed,
        mayShowWords: keyMadeHere && !wordsConfirmed,
        keyBackedUp: status.keyBackedUp,
        keyToRestore: candidate?.principal ?? null,
        finished: setUpFinished,
        drives,
        suggestions: (await context.suggestDrives?.()) ?? [],
      }
    },
  )

  app.post(
    '/api/setup/key',
    {
      schema: {
        tags,
        operationId: 'makeKey',
        summary: 'Makes the root key',
        response: { 200: Type.Object({ words: Type.String() }), ...errorResponses },
      },
    },
    async (_request, reply) => {
      const { words } = await control.call('node.init', {})
      await owner.update({ keyMadeHere: true, wordsConfirmed: false })
      asked = []
      reply.header('cache-control', 'no-store')
      return { words }
    },
  )

  app.get(
    '/api/setup/key/words',
    {
      schema: {
        tags,
        operationId: 'showWords',
        summary: 'The words again, until they are confirmed',
        response: { 200: Type.Object({ words: Type.String() }), ...errorResponses },
      },
    },
    async () => {
      const { keyMadeHere, wordsConfirmed } = owner.progress
      if (!keyMadeHere || wordsConfirmed) throw new HoltError('NOT_AUTHORIZED', 'the words were confirmed and are not shown again')
      return control.call('key.words', {})
    },
  )

  app.get(
    '/api/setup/key/question',
    {
      schema: {
        tags,
        operationId: 'askWords',
        summary: 'Which words to type (counted from 1)',
        response: { 200: Type.Object({ positions: Type.Array(Type.Integer()) }), ...errorResponses },
      },
    },
    async () => {
      if (asked.length === 0) asked = somePositions()
      return { positions: asked }
    },
  )

  app.post(
    '/api/setup/key/confirm',
    {
      schema: {
        tags,
        operationId: 'confirmWords',
        summary: 'Confirms the words that were asked for',
        body: Type.Object(
          {
            answers: Type.Array(Type.String({ maxLength: 32 }), {
              minItems: ASKED_WORDS,
              maxItems: ASKED_WORDS,
              description: 'in the order of the question',
            }),
          },
          strict,
        ),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      if (asked.length === 0) throw new HoltError('CONFLICT', 'ask for the question first')
      const words = (await control.call('key.words', {})).words.split(' ')
      const wrong = asked.filter((position, i) => request.body.answers[i]?.trim().toLowerCase() !== words[position - 1])
      if (wrong.length > 0) throw new HoltError('WORDS_INVALID', 'not every word is right', { positions: wrong.map(String) })
      await owner.update({ wordsConfirmed: true })
      return reply.code(204).send(null)
    },
  )

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
      candidate = await control.call('key.open', request.body)
      return { principal: candidate.principal }
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
            drives: Type.Array(Folder, { minItems: 1, maxItems: 255 }),
            empty: Type.Optional(Type.Boolean({ description: 'nothing is on the drives: begin anew' })),
          },
          strict,
        ),
        response: { 202: Job, ...errorResponses },
      },
    },
    async (request, reply) => {
      if (!candidate) throw new HoltError('NOT_INITIALIZED', 'give the words or the backup file first')
      const { words } = candidate
      const { drives, empty } = request.body
      const job = jobs.start('recover', async (options) => {
        const result = empty
          ? await control.call('node.init', { words, drives }, options)
          : await control.call('node.recover', { words, drives }, options)
        await owner.update({ keyMadeHere: false, wordsConfirmed: true })
        await control.call('key.markBackedUp', {})
        candidate = null
        return { ...result, words: undefined }
      })
      return reply.code(202).send(job)
    },
  )
}

function somePositions(): number[] {
  const positions = new Set<number>()
  while (positions.size < ASKED_WORDS) positions.add(randomInt(WORD_COUNT) + 1)
  return [...positions].sort((a, b) => a - b)
}
