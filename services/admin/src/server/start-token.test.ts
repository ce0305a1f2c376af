import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import type { AdminApp } from './context.ts'
import { errorHandler } from './error-handler.ts'
import { askForStartToken, START_COOKIE } from './start-token.ts'

const TOKEN = 'a'.repeat(64)
const silent = { info: () => {}, warn: () => {}, error: () => {} }

test('nothing is answered without the token of this start, whatever is asked for', async () => {
  const app = Fastify() as unknown as AdminApp
  app.setErrorHandler(errorHandler(silent))
  askForStartToken(app, TOKEN)
  app.get('/', async () => 'page')
  const asked = async (cookie?: string, url = '/') =>
    (await app.inject({ url, headers: cookie === undefined ? {} : { cookie } })).statusCode
  assert.equal(await asked(`${START_COOKIE}=${TOKEN}`), 200)
  assert.equal(await asked(`device=x; ${START_COOKIE}=${TOKEN}; session=y`), 200)
  for (const cookie of [
    undefined,
    '',
    START_COOKIE,
    `${START_COOKIE}=`,
    `${START_COOKIE}=${TOKEN}a`,
    `x${START_COOKIE}=${TOKEN}`,
    `${START_COOKIE}="${TOKEN}"`,
  ])
    for (const url of ['/', '/nothing/here']) assert.equal(await asked(cookie, url), 403, cookie)
  await app.close()
})
