import type { Control } from '@holt/control/schema.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { PersonName, PersonRole } from '../auth/people.ts'
import { countTry, signIn } from '../auth/recognise.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent, Password } from './session.ts'

const tags = ['people']
const strict = { additionalProperties: false }
const Code = Type.String({ minLength: 1, maxLength: 64 })
const HOMES = '/people'

/** Somebody who was invited comes in. */
export function invitedRoutes(app: AdminApp, context: AdminContext): void {
  const { people, control, log } = context

  app.post(
    '/api/invited/look',
    {
      schema: {
        tags,
        operationId: 'lookAtInvitation',
        summary: 'Whether an invitation holds, and for whom it is',
        body: Type.Object({ code: Code }, strict),
        response: { 200: Type.Object({ name: PersonName, role: PersonRole, expiresMs: Type.Integer() }), ...errorResponses },
      },
    },
    async (request) => {
      const right = countTry(context, request, 'invitation')
      const { name, role, expiresMs } = people.invitationOf(request.body.code)
      right()
      return { name, role, expiresMs }
    },
  )

  app.post(
    '/api/invited',
    {
      schema: {
        tags,
        operationId: 'acceptInvitation',
        summary: 'Chooses a password and signs in; the invitation is used up',
        body: Type.Object({ code: Code, password: Password }, strict),
        response: { 204: NoContent, ...errorResponses },
      },
    },
    async (request, reply) => {
      const right = countTry(context, request, 'invitation')
      people.invitationOf(request.body.code)
      right()
      const person = await people.accept(request.body.code, request.body.password, (name) => makeHome(control, name))
      request.about = person.name
      await signIn(context, request, reply, person.id)
      log.info('an invitation was accepted', { person: person.id, address: request.ip })
      return reply.code(204).send(null)
    },
  )
}

/** A folder that never was anybody's: its older versions must not be somebody else's files. */
async function makeHome(control: Control, person: string): Promise<string> {
  const name = person.replace(/\//g, '-').replace(/^\.+/, '')
  await control.call('files.mkdir', { path: HOMES, parents: true })
  for (let number = 1; number < 1000; number++) {
    const path = `${HOMES}/${name === '' ? 'person' : name}${number === 1 ? '' : ` ${number}`}`
    const { versions } = await control.call('files.versions', { path, limit: 1 })
    if (versions.length > 0) continue
    const made = await control.call('files.mkdir', { path }).then(
      () => true,
      (error: unknown) => {
        if (isHoltError(error, 'ALREADY_EXISTS')) return false
        throw error
      },
    )
    if (made) return path
  }
  throw new HoltError('ALREADY_EXISTS', 'there is no free folder for this name', { name })
}
