import { methods } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { bodyOf } from '../files/request-body.ts'
import { NoContent } from './session.ts'

const tags = ['programs']
const strict = { additionalProperties: false }
const Id = methods['programs.start'].params
const Installed = methods['programs.start'].result
const { stage: Stage } = methods['programs.inspect'].params.properties
const { power: PowerName } = methods['programs.revoke'].params.properties
const { id: ProgramId, power: UsedPower, refused: Refused, before: Before } = methods['programs.audit'].params.properties
const { grants: Grants } = methods['programs.install'].params.properties
const { grant: Grant } = methods['programs.grant'].params.properties
const { limits: Limits } = methods['programs.limit'].params.properties
const Picture = {
  description: 'a picture',
  content: Object.fromEntries(['image/svg+xml', 'image/png', 'image/jpeg', 'image/webp'].map((type) => [type, { schema: Type.Unknown() }])),
}

/** As much as one call to the node carries. */
const STEP_BYTES = 1 << 20
/** A picture is a picture: what an SVG would run or fetch it may not, also when it is opened by itself. */
const ICON_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** Programs of others, kept in: what each may, what it does with that, and how much of the machine it has. */
export function programsRoutes(app: AdminApp, context: AdminContext): void {
  listRoutes(app, context)
  packageRoutes(app, context)
  changeRoutes(app, context)
  iconRoutes(app, context)
}

function listRoutes(app: AdminApp, { control }: AdminContext): void {
  app.get(
    '/api/programs',
    {
      schema: {
        tags,
        operationId: 'programs',
        summary: methods['programs.list'].summary,
        response: { 200: methods['programs.list'].result, ...errorResponses },
      },
    },
    async () => control.call('programs.list', {}),
  )

  app.get(
    '/api/programs/:id/logs',
    {
      schema: {
        tags,
        operationId: 'programLogs',
        summary: methods['programs.logs'].summary,
        params: Id,
        querystring: Type.Object({ after: methods['programs.logs'].params.properties.after }, strict),
        response: { 200: methods['programs.logs'].result, ...errorResponses },
      },
    },
    async ({ params, query }) => control.call('programs.logs', { ...params, ...query }),
  )

  app.get(
    '/api/programs/audit',
    {
      schema: {
        tags,
        operationId: 'programAudit',
        summary: 'Uses of powers by programs, and what the owner did with them, newest first',
        querystring: Type.Object(
          {
            id: ProgramId,
            power: UsedPower,
            refused: Refused,
            before: Before,
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
          },
          strict,
        ),
        response: { 200: methods['programs.audit'].result, ...errorResponses },
      },
    },
    async ({ query: { limit = 100, ...filter } }) => {
      const { uses, ...rest } = await control.call('programs.audit', { ...filter, limit })
      return { uses: [...uses].reverse(), ...rest }
    },
  )
}

function packageRoutes(app: AdminApp, { control, log }: AdminContext): void {
  app.register(async (uploads: AdminApp) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    uploads.put(
      '/api/programs/package',
      {
        schema: {
          tags,
          operationId: 'bringPackage',
          summary: 'Takes a package from the raw body and says what it is; it waits a quarter of an hour to be installed',
          consumes: ['application/octet-stream'],
          response: {
            201: Type.Object({ ...methods['programs.inspect'].result.properties, stage: Stage }),
            ...errorResponses,
          },
        },
      },
      async (request, reply) => {
        let stage: string | undefined
        for await (const part of inSteps(bodyOf(request)))
          stage = (await control.call('programs.stage', { ...(stage === undefined ? {} : { stage }), base64: part.toString('base64') }))
            .stage
        if (stage === undefined) throw new HoltError('MALFORMED', 'there was nothing in it')
        return reply.code(201).send({ ...(await control.call('programs.inspect', { stage })), stage })
      },
    )
  })

  app.post(
    '/api/programs',
    {
      schema: {
        tags,
        operationId: 'installProgram',
        summary: methods['programs.install'].summary,
        body: Type.Object({ stage: Stage, grants: Grants }, strict),
        response: { 201: Installed, ...errorResponses },
      },
    },
    async (request, reply) => {
      const program = await control.call('programs.install', request.body)
      request.about = `${program.title} ${program.version}`
      log.info('installed a program', { program: program.id, version: program.version, address: request.ip })
      return reply.code(201).send(program)
    },
  )
}

async function* inSteps(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    for (let at = 0; at < part.length; at += STEP_BYTES) {
      const piece = part.subarray(at, at + STEP_BYTES)
      if (bytes + piece.length > STEP_BYTES) {
        yield Buffer.concat(parts)
        parts = []
        bytes = 0
      }
      parts.push(piece)
      bytes += piece.length
    }
  }
  if (bytes > 0) yield Buffer.concat(parts)
}

const changes = {
  start: { name: 'programs.start', operationId: 'startProgram' },
  stop: { name: 'programs.stop', operationId: 'stopProgram' },
} as const

function changeRoutes(app: AdminApp, { control, log }: AdminContext): void {
  for (const [what, { name, operationId }] of Object.entries(changes)) {
    app.post(
      `/api/programs/:id/${what}`,
      { schema: { tags, operationId, summary: methods[name].summary, params: Id, response: { 200: Installed, ...errorResponses } } },
      async (request) => {
        const program = await control.call(name, request.params as { id: string })
        request.about = program.title
        return program
      },
    )
  }

  app.delete(
    '/api/programs/:id',
    {
      schema: {
        tags,
        operationId: 'removeProgram',
        summary: methods['programs.remove'].summary,
        params: Id,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async ({ params, ip }, reply) => {
      await control.call('programs.remove', params)
      log.info('removed a program', { program: params.id, address: ip })
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/programs/:id/powers',
    {
      schema: {
        tags,
        operationId: 'grantPower',
        summary: methods['programs.grant'].summary,
        params: Id,
        body: Type.Object({ grant: Grant }, strict),
        response: { 200: Installed, ...errorResponses },
      },
    },
    async (request) => {
      const program = await control.call('programs.grant', { ...request.params, ...request.body })
      request.about = `${program.title}: ${request.body.grant.name}`
      return program
    },
  )

  app.delete(
    '/api/programs/:id/powers/:power',
    {
      schema: {
        tags,
        operationId: 'revokePower',
        summary: methods['programs.revoke'].summary,
        params: Type.Object({ id: Id.properties.id, power: PowerName }),
        response: { 200: Installed, ...errorResponses },
      },
    },
    async (request) => {
      const program = await control.call('programs.revoke', request.params)
      request.about = `${program.title}: ${request.params.power}`
      return program
    },
  )

  app.put(
    '/api/programs/:id/limits',
    {
      schema: {
        tags,
        operationId: 'limitProgram',
        summary: methods['programs.limit'].summary,
        params: Id,
        body: Type.Object({ limits: Type.Object(Limits.properties, strict) }, strict),
        response: { 200: Installed, ...errorResponses },
      },
    },
    async (request) => {
      const program = await control.call('programs.limit', { ...request.params, ...request.body })
      request.about = program.title
      return program
    },
  )
}

function iconRoutes(app: AdminApp, { control }: AdminContext): void {
  app.get(
    '/api/programs/:id/icon',
    {
      schema: {
        tags,
        operationId: 'programIcon',
        summary: 'The icon of an installed program',
        params: Id,
        response: { 200: Picture, ...errorResponses },
      },
    },
    async ({ params }, reply) => sendIcon(reply, await control.call('programs.icon', params)),
  )

  app.get(
    '/api/programs/packages/:stage/icon',
    {
      schema: {
        tags,
        operationId: 'packageIcon',
        summary: 'The icon of a package that was brought',
        params: Type.Object({ stage: Stage }),
        response: { 200: Picture, ...errorResponses },
      },
    },
    async ({ params }, reply) => sendIcon(reply, await control.call('programs.icon', params)),
  )
}

function sendIcon(reply: FastifyReply, { type, base64 }: { type: string; base64: string }): FastifyReply {
  return reply.type(type).header('content-security-policy', ICON_POLICY).send(Buffer.from(base64, 'base64'))
}
