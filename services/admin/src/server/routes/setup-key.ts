import { randomInt } from 'node:crypto'
import { HoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'
import { NoContent } from './session.ts'

const tags = ['setup']
const ASKED_WORDS = 3
const WORD_COUNT = 24

/** A new root key: made, its words shown, and three of them asked back. */
export function keySetupRoutes(app: AdminApp, { control, owner }: AdminContext): void {
  let asked: number[] = []

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
          { additionalProperties: false },
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
}

function somePositions(): number[] {
  const positions = new Set<number>()
  while (positions.size < ASKED_WORDS) positions.add(randomInt(WORD_COUNT) + 1)
  return [...positions].sort((a, b) => a - b)
}
