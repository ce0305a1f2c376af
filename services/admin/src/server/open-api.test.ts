import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HoltError, type HoltErrorCode, holtErrorCodes } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'
import { statusOf } from './error-table.ts'

interface Operation {
  operationId?: string
  summary?: string
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> }
  parameters?: { name: string; in: string }[]
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: { Error: { properties: { code: { anyOf: { enum?: string[]; const?: string; description: string }[] } } } } }
}

let admin: TestAdmin
let browser: TestBrowser
let document: Document
before(async () => {
  ;({ admin, browser } = await TestAdmin.ready())
  document = (await browser.get('/api')).json() as Document
})
after(() => admin.close())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

test('every error code is documented with its status', () => {
  const documented = document.components.schemas.Error.properties.code.anyOf
  for (const code of holtErrorCodes) {
    const entry = documented.find((one) => one.const === code || one.enum?.includes(code))
    assert.ok(entry, `${code} is not in the API document`)
    assert.match(entry.description, new RegExp(`^HTTP ${statusOf[code]}\\. \\S`))
  }
  assert.equal(documented.length, holtErrorCodes.length)
})

test('every route says what it does, under its own name, and what its refusals look like', () => {
  const seen = new Set<string>()
  for (const { path, method, operation } of operations()) {
    assert.ok(operation.summary, `${method} ${path} has no summary`)
    if (method !== 'head') {
      assert.ok(operation.operationId && !seen.has(operation.operationId), `${method} ${path}`)
      seen.add(operation.operationId)
    }
    for (const status of ['4XX', '5XX'])
      assert.equal(
        operation.responses[status]?.content?.['application/json']?.schema.$ref,
        '#/components/schemas/Error',
        `${method} ${path} ${status}`,
      )
  }
  assert.ok(seen.size >= 25)
})

test('every route says by which schemes it is called, and there are no others', () => {
  const { securitySchemes } = (document as unknown as { components: { securitySchemes: Record<string, unknown> } }).components
  assert.deepEqual(Object.keys(securitySchemes).sort(), ['session', 'setupCode', 'token'])
  let secured = 0
  for (const { path, method, operation } of operations()) {
    const { security } = operation as unknown as { security?: Record<string, unknown>[] }
    assert.ok(security, `${method} ${path}`)
    for (const scheme of security.flatMap((one) => Object.keys(one))) assert.ok(scheme in securitySchemes)
    if (security.length > 0) secured++
  }
  assert.ok(secured >= 60)
})

test('a code of the node arrives with its status and data', async () => {
  const { node } = admin
  const call = node.call.bind(node)
  for (const code of holtErrorCodes) {
    node.call = async () => {
      throw new HoltError(code as HoltErrorCode, 'as thrown', { fact: 7 })
    }
    const answer = await browser.get('/api/status')
    assert.equal(answer.statusCode, statusOf[code])
    assert.deepEqual(answer.json(), { code, message: code === 'INTERNAL' ? answer.json().message : 'as thrown', data: { fact: 7 } })
  }
  node.call = async () => {
    throw new Error('secret detail /etc/shadow')
  }
  const answer = await browser.get('/api/status')
  node.call = call
  assert.equal(answer.statusCode, 500)
  assert.equal(answer.json().code, 'INTERNAL')
  assert.doesNotMatch(answer.body, /secret/)
})

test('no body or query, however odd, gets past the schemas as a fault of ours', async () => {
  const routes = operations().filter(
    ({ path, method }) => path !== '/api/session' && !path.startsWith('/api/setup') && !(method === 'get' && path.endsWith('/events')),
  )
  const { node } = admin
  const call = node.call.bind(node)
  let reached = 0
  node.call = async (name, params, options) => {
    reached++
    return call(name, params, options)
  }
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('/', '/a', 1e308, -1, '__proto__', '%00'),
  )
  const fields = fc.constantFrom(
    'path',
    'paths',
    'from',
    'to',
    'at',
    'replace',
    'recursive',
    'kind',
    'drive',
    'folder',
    'dataFragments',
    'totalFragments',
    'passphrase',
    'password',
    '__proto__',
    'constructor',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.dictionary(fields, value),
      fc.string({ unit: 'binary', maxLength: 30 }),
      async ({ path, method }, body, odd) => {
        const url = `${path.replace(/\{\w+\}/, encodeURIComponent(odd.replace(/[\uD800-\uDFFF]/g, '') || 'x'))}?path=${encodeURIComponent(odd.replace(/[\uD800-\uDFFF]/g, ''))}`
        const hasBody = method === 'post' || method === 'put'
        const answer = await browser.send({
          method: method.toUpperCase() as 'POST',
          url,
          ...(hasBody ? { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
        })
        assert.ok(answer.statusCode < 500, `${method} ${url} ${JSON.stringify(body)}: ${answer.body}`)
        if (answer.statusCode >= 400 && method !== 'head')
          assert.ok((holtErrorCodes as readonly string[]).includes(answer.json().code), answer.body)
      },
    ),
    { numRuns: 400 },
  )
  node.call = call
  assert.ok(reached > 0)
})

test('bodies that are no JSON, too large, or of another type are refused', async () => {
  const send = (payload: string, type = 'application/json') =>
    browser.send({ method: 'POST', url: '/api/files/directories', payload, headers: { 'content-type': type } })
  for (const payload of [
    '{',
    'null',
    '[]',
    '"x"',
    '{"path":"/x","__proto__":{"a":1}}',
    '{"path":"/x","extra":1}',
    '{"path":["/x"]}',
    '{"path":7}',
  ]) {
    const answer = await send(payload)
    assert.equal(answer.statusCode, 400, payload)
    assert.equal(answer.json().code, 'INPUT_INVALID')
  }
  assert.equal((await send(JSON.stringify({ path: `/${'x'.repeat(300_000)}` }))).json().code, 'TOO_LARGE')
  assert.equal((await send('path=/x', 'application/x-www-form-urlencoded')).json().code, 'INPUT_INVALID')
  assert.equal((await send('{"path":"/x"}', 'text/plain')).statusCode, 400)
})
