import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { holtErrorCodes } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { MemoryNode } from '../../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'

/**
 * Every route, fuzzed from its own schema: what fits but for one part that does not, or is odd. `HOLT_FUZZ_SEED` repeats a run, `HOLT_FUZZ_RUNS`
 * lengthens it.
 */
const seed = Number(process.env['HOLT_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env['HOLT_FUZZ_RUNS'] ?? 12)
console.log(`HOLT_FUZZ_SEED=${seed}`)

interface Schema {
  type?: string
  anyOf?: Schema[]
  const?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minimum?: number
  $ref?: string
}
interface Operation {
  operationId?: string
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

let admin: TestAdmin
let owner: TestBrowser
let node: MemoryNode
const operations: { method: string; path: string; operation: Operation }[] = []
before(async () => {
  node = new MemoryNode({ box: true })
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
  const document = (await owner.get('/api')).json() as { paths: Record<string, Record<string, Operation>> }
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      // One ends the session that the others need, the others never end.
      if ((path === '/api/session' && method === 'delete') || path.endsWith('/events') || method === 'head') continue
      operations.push({ method, path, operation })
    }
})
after(() => admin.close())

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    '/',
    '//',
    '/..',
    '/../../etc/passwd',
    '/a/../b',
    '/\0',
    '/a\u0000b',
    '/\ud800',
    '\ufeff/x',
    '/\u202e',
    '/%2e%2e/x',
    '/e\u0301',
    '/é',
    '/ﬁ',
    `/${'n'.repeat(300)}`,
    '/x'.repeat(5000),
    '__proto__',
    'constructor',
    '$(reboot)',
    '`id`',
    "'; DROP TABLE x; --",
    '{{7*7}}',
    '\r\nSet-Cookie: x=y',
    [],
    {},
    [[[[[[]]]]]],
    { __proto__: { admin: true } },
    { toString: 'x' },
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

/** A value that fits; what it means may still be wrong. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fitting))
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, fitting(one)] as const)
      return fc.record(Object.fromEntries(fields), { requiredKeys: (schema.required ?? []) as never[] })
    }
    case 'array':
      return fc.array(fitting(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 })
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? 0, max: (schema.minimum ?? 0) + 40 })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.constantFrom('/', '/a', '/a/b', 'x', 'otter', '1', PASSWORD.slice(1))
  }
}

/** Fits but for one field, which is odd, missing, twice as deep, or one that nobody asked for. */
function nearly(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 2, arbitrary: fitting(schema) },
    { weight: 1, arbitrary: odd },
    {
      weight: 4,
      arbitrary: fc.tuple(fitting(schema), fc.nat(20), odd).map(([value, at, replacement]) => {
        if (typeof value !== 'object' || value === null) return replacement
        const names = [...Object.keys(value), 'extra']
        return { ...value, [names[at % names.length] as string]: replacement }
      }),
    },
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Lone surrogates have no place in a URL. */
function encoded(value: unknown): string {
  return encodeURIComponent(textOf(value).replace(/[\ud800-\udfff]/gu, '?'))
}

function requestOf({
  method,
  path,
  operation,
}: (typeof operations)[number]): fc.Arbitrary<{ url: string; payload?: string; headers: Record<string, string> }> {
  const parameters = operation.parameters ?? []
  const body = Object.entries(operation.requestBody?.content ?? {})[0]
  const values = fc.tuple(
    ...parameters.map((one) => fc.oneof({ weight: 3, arbitrary: fitting(one.schema) }, { weight: 2, arbitrary: odd })),
  )
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant(body?.[0] ?? '') },
    { weight: 1, arbitrary: fc.constantFrom('text/html', 'application/json; charset=utf-7', 'x', 'multipart/form-data') },
  )
  return fc.tuple(values, nearly(body?.[1].schema ?? {}), type).map(([given, sent, contentType]) => {
    let url = path
    const query: string[] = []
    const headers: Record<string, string> = {}
    parameters.forEach((one, i) => {
      if (one.in === 'path') url = url.replace(`{${one.name}}`, encoded(given[i]) || '%20')
      if (one.in === 'query') query.push(`${one.name}=${encoded(given[i])}`)
      if (one.in === 'header')
        headers[one.name] = textOf(given[i])
          .replace(/[^\x20-\x7e]/g, '?')
          .slice(0, 200)
    })
    if (query.length > 0) url += `?${query.join('&')}`
    if (method === 'get' || method === 'delete') return { url, headers }
    return { url, payload: textOf(sent), headers: { ...headers, ...(contentType === '' ? {} : { 'content-type': contentType }) } }
  })
}

test('no request that is nearly right gets a fault of ours, ends the session or tells anything', async () => {
  let refused = 0
  let done = 0
  for (const one of operations)
    await fc.assert(
      fc.asyncProperty(requestOf(one), async (request) => {
        const answer = await owner.send({ method: one.method.toUpperCase() as 'GET', ...request })
        const where = `${one.method} ${JSON.stringify(request).slice(0, 400)}: ${answer.statusCode} ${answer.body.slice(0, 300)}`
        // 501: a program that this machine has not; the rest above 499 would be ours.
        assert.ok(answer.statusCode < 500 || answer.statusCode === 501, where)
        assert.equal(answer.headers['x-content-type-options'], 'nosniff', where)
        assert.doesNotMatch(answer.body, /node_modules|\.ts:\d|at [\w.]+ \(/, where)
        if (answer.statusCode >= 400) {
          assert.ok((holtErrorCodes as readonly string[]).includes(answer.json().code), where)
          refused++
        } else done++
      }),
      { numRuns: runs, seed, endOnFailure: true },
    )
  assert.ok(refused > operations.length && done > operations.length / 2, `${refused} refused, ${done} done`)
  assert.equal(({} as Record<string, unknown>)['admin'], undefined)
})

test('headers and cookies that were tampered with let nobody in', async () => {
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const [session = ''] = [...owner.cookies].filter(([name]) => name.startsWith('holt-session')).map(([name]) => name)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(cookie.length - 1),
      fc.constantFrom('A', '0', ';', '=', '%', '"', ' ', ',', '\\'),
      fc.nat(3),
      async (at, put, kind) => {
        const tampered = [
          cookie.slice(0, at) + put + cookie.slice(at + 1),
          cookie.slice(0, at),
          `${session}=${put.repeat(43)}; ${cookie.replaceAll(session, `${session}x`)}`,
          cookie.replaceAll('holt-session', '__Host-holt-session'),
        ][kind] as string
        const thief = admin.browser('203.0.113.9')
        const answer = await thief.get('/api/status', { cookie: tampered })
        const whole = tampered.split(/; */).includes(`${session}=${owner.cookies.get(session)}`)
        assert.equal(answer.statusCode, whole ? 200 : 401, tampered)
      },
    ),
    { numRuns: 20 * runs, seed },
  )
})

test('what another site sends is refused by every route that changes something, with every kind of body', async () => {
  const crossed = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9999' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1.evil.example' },
    { origin: 'https://127.0.0.1:4659' },
  ]
  let checked = 0
  for (const { method, path } of operations) {
    if (method === 'get' || method === 'options') continue
    for (const headers of crossed)
      for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const before = node.calls.length
        const browser = admin.browser()
        for (const [name, value] of owner.cookies) browser.cookies.set(name, value)
        if (!('sec-fetch-site' in headers)) delete browser.headers['sec-fetch-site']
        const answer = await browser.send({
          method: method.toUpperCase() as 'POST',
          url: path.replace(/\{\w+\}/g, 'x'),
          payload: '{}',
          headers: { ...headers, 'content-type': type },
        })
        assert.equal(answer.statusCode, 403, `${method} ${path} ${JSON.stringify(headers)}: ${answer.body}`)
        assert.equal(node.calls.length, before)
        checked++
      }
  }
  assert.ok(checked > 400)
})

test('a storm of wrong passwords slows down who sends it, and nobody else', async () => {
  // What was fuzzed before counts against the browser that sent it, for an hour.
  admin.nowMs += 2 * 3_600_000
  const attackers = Array.from({ length: 40 }, (_, i) => admin.browser(`203.0.113.${i + 20}`))
  await Promise.all(
    attackers.flatMap((attacker, i) =>
      Array.from({ length: 8 }, (_, j) => attacker.post('/api/session', { password: `storm ${i} ${j} of words` })),
    ),
  )
  for (const attacker of attackers) assert.equal((await attacker.post('/api/session', { password: PASSWORD })).statusCode, 429)
  assert.equal(
    (await admin.browser('198.51.100.70').post('/api/session', { password: PASSWORD })).statusCode,
    204,
    'the owner at a new address',
  )
  assert.equal((await owner.post('/api/session/confirm', { password: PASSWORD })).statusCode, 204, 'the owner at a known browser')
})
