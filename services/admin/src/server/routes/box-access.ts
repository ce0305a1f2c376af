import { SshStatus, TimeStatus, TpmStatus } from '@holt/control/box/methods.ts'
import { methods } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { type TSchema, Type } from 'typebox'
import { checkAgain } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { checkOwner, NoContent, Password } from './session.ts'

const tags = ['box']
const strict = { additionalProperties: false }
/** Without it, one that was given shortly before. */
const Again = Type.Optional(Password)
const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** Who gets in by which way, and what the box knows of time and its security chip. What cannot be read now is null. */
const Access = Type.Object({
  ssh: Nullable(SshStatus),
  time: Nullable(TimeStatus),
  tpm: Nullable(TpmStatus),
  account: Type.Object({
    hasPassword: Nullable(Type.Boolean()),
    isPages: Type.Boolean({ description: 'the password of the page is that of the account' }),
  }),
})

export function accessRoutes(app: AdminApp, context: AdminContext): void {
  stateRoute(app, context)
  sshRoute(app, context)
  accountRoute(app, context)
  timeRoute(app, context)
  recoveryKeyRoute(app, context)
}

function stateRoute(app: AdminApp, { control, owner }: AdminContext): void {
  app.get(
    '/api/box/access',
    {
      schema: {
        tags,
        operationId: 'access',
        summary: 'SSH, clock, security chip, account of the owner',
        response: { 200: Access, ...errorResponses },
      },
    },
    async () => {
      const [ssh, time, tpm, account] = await Promise.all([
        orNull(control.call('box.ssh.get', {})),
        orNull(control.call('box.time.get', {})),
        orNull(control.call('box.tpm.status', {})),
        orNull(control.call('box.accounts.status', {})),
      ])
      return { ssh, time, tpm, account: { hasPassword: account?.hasPassword ?? null, isPages: owner.hasAccount } }
    },
  )
}

/** One program that is missing or fails must not hide the others. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (isHoltError(error) && (error.code === 'SYSTEM_REFUSED' || error.code === 'DEPENDENCY_MISSING')) return null
    throw error
  })
}

function sshRoute(app: AdminApp, context: AdminContext): void {
  app.put(
    '/api/box/ssh',
    {
      schema: {
        tags,
        operationId: 'setSsh',
        summary: methods['box.ssh.set'].summary,
        body: Type.Object({ ...methods['box.ssh.set'].params.properties, password: Again }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { enabled, keys, password } = request.body
      await checkAgain(context, request, password)
      await context.control.call('box.ssh.set', { enabled, keys })
      context.log.info(`SSH is ${enabled ? 'on' : 'off'}`, { keys: keys.length, address: request.ip })
      return reply.code(204).send(null)
    },
  )
}

function accountRoute(app: AdminApp, context: AdminContext): void {
  app.put(
    '/api/box/account',
    {
      schema: {
        tags,
        operationId: 'joinAccount',
        summary: 'Gives the account of the owner on the box the password of this page; needs the one it has, if it has one',
        body: Type.Object({ password: Password, accountPassword: Type.Optional(Password) }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { password, accountPassword } = request.body
      await checkOwner(context, request, password)
      await context.owner.joinAccount(password, accountPassword)
      context.log.info('the account of the owner has the password of the page', { address: request.ip })
      return reply.code(204).send(null)
    },
  )
}

function timeRoute(app: AdminApp, { control, log }: AdminContext): void {
  app.put(
    '/api/box/time',
    {
      schema: {
        tags,
        operationId: 'setTime',
        summary: methods['box.time.set'].summary,
        body: methods['box.time.set'].params,
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      await control.call('box.time.set', { now: request.body.now })
      log.info('clock set', { address: request.ip })
      return reply.code(204).send(null)
    },
  )
}

function recoveryKeyRoute(app: AdminApp, context: AdminContext): void {
  app.post(
    '/api/box/recovery-key',
    {
      schema: {
        tags,
        operationId: 'makeRecoveryKey',
        summary: methods['box.data.makeRecoveryKey'].summary,
        body: Type.Object({ password: Again }, strict),
        response: { 201: methods['box.data.makeRecoveryKey'].result, ...errorResponses },
      },
    },
    async (request, reply) => {
      await checkAgain(context, request, request.body.password)
      const made = await context.control.call('box.data.makeRecoveryKey', {})
      context.log.warn('a recovery key for the drive of the box was made', { address: request.ip })
      return reply.code(201).send(made)
    },
  )
}
