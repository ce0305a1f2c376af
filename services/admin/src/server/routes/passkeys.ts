import { isIP } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { OWNER } from '../auth/caller.ts'
import type { Passkey } from '../auth/passkeys.ts'
import { countTry, signInAndTell, theCaller } from '../auth/recognise.ts'
import { ALGORITHMS, type RelyingParty } from '../auth/webauthn.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { hostName } from '../guard.ts'
import { NoContent } from './session.ts'

const tags = ['passkeys']
const strict = { additionalProperties: false }
const Bytes = Type.String({ pattern: '^[\\w-]*$', maxLength: 8192, description: 'base64url' })
const Options = Type.Object({ challenge: Bytes, page: Type.String({ description: 'host name it holds for (relying party id)' }) })
const PasskeyInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  page: Type.String(),
  createdMs: Type.Integer(),
  usedMs: Type.Union([Type.Integer(), Type.Null()]),
})
const AssertionBody = Type.Object({ id: Bytes, clientData: Bytes, authenticatorData: Bytes, signature: Bytes }, strict)

/** WebAuthn beside the password. A browser has it on a page over HTTPS with a name, or on localhost. */
export function passkeysRoutes(app: AdminApp, context: AdminContext): void {
  ownRoutes(app, context)
  newRoutes(app, context)
  useRoutes(app, context)
}

/** @throws HoltError NOT_AUTHORIZED where browsers have no passkeys. */
function relyingParty(request: FastifyRequest): RelyingParty {
  const id = hostName(request.headers.host) ?? ''
  const { origin = '' } = request.headers
  const protocol = URL.canParse(origin) ? new URL(origin).protocol : ''
  if (id === '' || isIP(id) !== 0 || (protocol !== 'https:' && id !== 'localhost'))
    throw new HoltError('NOT_AUTHORIZED', 'passkeys work over HTTPS under a name, or on localhost', { passkeys: false })
  return { id, origin }
}

function ownRoutes(app: AdminApp, { passkeys }: AdminContext): void {
  app.get(
    '/api/passkeys',
    {
      schema: {
        tags,
        operationId: 'passkeys',
        summary: 'The own passkeys',
        response: { 200: Type.Object({ passkeys: Type.Array(PasskeyInfo) }), ...errorResponses },
      },
    },
    async (request) => ({ passkeys: passkeys.listOf(theCaller(request).person).map(infoOf) }),
  )

  app.delete(
    '/api/passkeys/:id',
    {
      schema: {
        tags,
        operationId: 'removePasskey',
        summary: 'Forgets one',
        params: Type.Object({ id: Type.String({ maxLength: 2048 }) }),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      request.about = (await passkeys.remove(theCaller(request).person, request.params.id)).name
      return reply.code(204).send(null)
    },
  )
}

function newRoutes(app: AdminApp, context: AdminContext): void {
  const { passkeys, log } = context

  app.post(
    '/api/passkeys/new',
    {
      schema: {
        tags,
        operationId: 'newPasskeyOptions',
        summary: 'What a browser needs to make one. Needs the password or a passkey given shortly before',
        response: {
          200: Type.Object({
            ...Options.properties,
            person: Type.Object({ id: Bytes, name: Type.String() }),
            algorithms: Type.Array(Type.Integer()),
            known: Type.Array(Bytes, { description: 'passkeys that are there already' }),
          }),
          ...errorResponses,
        },
      },
    },
    async (request) => {
      const { person, name } = theCaller(request)
      const page = relyingParty(request).id
      const known = passkeys.listOf(person).map(({ id }) => id)
      const called = { id: Buffer.from(`holt ${context.owner.id} ${person}`).toString('base64url'), name: name || 'Holt' }
      return { challenge: passkeys.challenge('new', person), page, person: called, algorithms: Object.values(ALGORITHMS), known }
    },
  )

  app.post(
    '/api/passkeys',
    {
      schema: {
        tags,
        operationId: 'addPasskey',
        summary: 'Takes a passkey that the browser made',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 64 }),
            clientData: Bytes,
            authenticatorData: Bytes,
            publicKey: Bytes,
            algorithm: Type.Integer(),
          },
          strict,
        ),
        response: { 201: PasskeyInfo, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name, algorithm, ...encoded } = request.body
      const [clientData, authenticatorData, publicKey] = [encoded.clientData, encoded.authenticatorData, encoded.publicKey].map(bytesOf)
      const given = { name, algorithm, clientData, authenticatorData, publicKey } as Parameters<typeof passkeys.add>[2]
      const passkey = await passkeys.add(theCaller(request).person, relyingParty(request), given)
      log.info('a passkey was added', { address: request.ip })
      return reply.code(201).send(infoOf(passkey))
    },
  )
}

function useRoutes(app: AdminApp, context: AdminContext): void {
  const { passkeys, people, sessions, log } = context

  app.post(
    '/api/passkeys/options',
    {
      schema: {
        tags,
        operationId: 'passkeyOptions',
        summary: 'What a browser needs to use one',
        body: Type.Object({ purpose: Type.Union([Type.Literal('sign-in'), Type.Literal('confirm')]) }, strict),
        response: { 200: Options, ...errorResponses },
      },
    },
    async (request) => {
      const { purpose } = request.body
      const page = relyingParty(request).id
      return { challenge: passkeys.challenge(purpose, purpose === 'confirm' ? theCaller(request).person : null), page }
    },
  )

  app.post(
    '/api/passkeys/sign-in',
    {
      schema: {
        tags,
        operationId: 'signInByPasskey',
        summary: 'Signs in whose passkey it is',
        body: AssertionBody,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const right = countTry(context, request, 'passkey')
      const { person } = await passkeys.check(relyingParty(request), request.body.id, assertionOf(request.body), {
        purpose: 'sign-in',
        person: null,
      })
      if (person !== OWNER && people.get(person) === null) throw new HoltError('SIGN_IN_FAILED', 'this passkey does not open this page')
      right()
      await signInAndTell(context, request, reply, person)
      log.info('signed in by a passkey', { address: request.ip, person })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/session/confirm/passkey',
    {
      schema: {
        tags,
        operationId: 'confirmByPasskey',
        summary: 'A passkey again: for some minutes this session may do what is dangerous',
        body: AssertionBody,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { person, session } = theCaller(request)
      const right = countTry(context, request, person)
      await passkeys.check(relyingParty(request), request.body.id, assertionOf(request.body), { purpose: 'confirm', person })
      right()
      if (session !== null) sessions.confirm(session)
      return reply.code(204).send(null)
    },
  )
}

function assertionOf({ clientData, authenticatorData, signature }: Static<typeof AssertionBody>) {
  return { clientData: bytesOf(clientData), authenticatorData: bytesOf(authenticatorData), signature: bytesOf(signature) }
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}

function infoOf({ id, name, page, createdMs, usedMs }: Passkey) {
  return { id, name, page, createdMs, usedMs }
}
