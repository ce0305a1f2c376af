import { HoltError } from '@holt/core/errors.ts'
import type { FastifyRequest, RouteOptions } from 'fastify'
import { type Caller, mayChange, mayPass, mayRead, mayWrite, notYours } from '../auth/caller.ts'
import { checkConfirmed, recognise, theCaller } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { checkPath } from '../files/tree-path.ts'
import { type Access, accessOf, type PathFields } from './access-table.ts'
import { asksAgain } from './confirm-table.ts'

type Hook = (request: FastifyRequest) => Promise<void>

/** Puts the checks of both tables before every route that is added after this. */
export function guardRoutes(app: AdminApp, context: AdminContext): void {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', (route) => {
    const method = [route.method].flat()[0] ?? 'GET'
    const access = accessOf(method, route.url)
    const role: Hook = async (request) => {
      if (access === 'program') return
      request.caller = recognise(context, request)
      checkRole(request, access)
    }
    const paths: Hook = async (request) => {
      if (typeof access === 'object') checkPaths(theCaller(request), access, request)
    }
    const again: Hook = async (request) => {
      // In the set-up whoever has its code may do everything.
      if (!context.owner.progress.setUpFinished || (request.caller?.token ?? null) !== null) return
      if (asksAgain(method, route.url, request.body)) checkConfirmed(context, request)
    }
    route.onRequest = [...hooks(route.onRequest), role] as RouteOptions['onRequest']
    route.preHandler = [paths, again, ...hooks(route.preHandler)] as RouteOptions['preHandler']
  })
}

function hooks(given: unknown): unknown[] {
  return given === undefined ? [] : Array.isArray(given) ? given : [given]
}

/** @throws HoltError NOT_SIGNED_IN, NOT_AUTHORIZED. */
function checkRole(request: FastifyRequest, access: Access): void {
  if (access === 'anybody' || access === 'setup' || access === 'program') return
  const { role, token } = theCaller(request)
  if (token !== null) return checkToken(request, token, access)
  if (access === 'owner' && role !== 'owner') throw new HoltError('NOT_AUTHORIZED', 'only the owner may do this')
}

/** Calls that go with files are one kind to who makes a token. */
const kindOfTag: Readonly<Record<string, string>> = { trash: 'files', uploads: 'files', search: 'files', leases: 'files' }

/** What belongs to no kind of calls is out of every token's reach; so is what is the owner's, for a token of somebody else. */
function checkToken(request: FastifyRequest, token: NonNullable<Caller['token']>, access: Access): void {
  const kinds = (request.routeOptions.schema as { tags?: readonly string[] } | undefined)?.tags ?? []
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const { role, limits } = theCaller(request)
  const forPeople = access === 'person' || (access === 'owner' && (role !== 'owner' || limits.length > 0))
  if (forPeople || !kinds.some((tag) => token.calls.includes(kindOfTag[tag] ?? tag)) || (!isRead && !token.write))
    throw new HoltError('NOT_AUTHORIZED', 'this token is not made for this call')
}

const rules = { pass: mayPass, read: mayRead, write: mayWrite, change: mayChange } as const

/** @throws HoltError NOT_AUTHORIZED, PATH_INVALID, NAME_INVALID. */
function checkPaths(caller: Caller, fields: PathFields, request: FastifyRequest): void {
  if (caller.limits.length === 0 && caller.token?.write !== false) return
  for (const [rule, allows] of Object.entries(rules))
    for (const field of fields[rule as keyof PathFields] ?? [])
      for (const path of valuesOf(request, field)) if (!allows(caller, checkPath(path))) throw notYours(path)
}

function valuesOf(request: FastifyRequest, field: string): string[] {
  const [part = '', name = ''] = field.split('.')
  const value = ((part === 'body' ? request.body : request.query) as Record<string, unknown> | undefined)?.[name]
  return [value].flat().filter((one) => typeof one === 'string')
}
