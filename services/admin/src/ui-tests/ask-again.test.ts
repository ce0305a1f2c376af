import assert from 'node:assert/strict'
import { afterEach, mock, test } from 'node:test'
import { onConfirm, Refusal, sendJson } from '../ui/api/request.ts'

const refusal = (data: object): Response =>
  new Response(JSON.stringify({ code: 'NOT_AUTHORIZED', message: 'no', data }), {
    status: 403,
    headers: { 'content-type': 'application/json' },
  })
const node = (...answers: Response[]) =>
  mock.method(globalThis, 'fetch', async () => answers.shift() ?? assert.fail('one request too many'))

afterEach(() => {
  mock.restoreAll()
  onConfirm(null)
})

test('what the node wants the password for is asked once, and then sent again as it was', async () => {
  const { mock: sent } = node(refusal({ confirm: true }), Response.json({ made: 1 }))
  let asked = 0
  onConfirm(async () => void asked++)
  assert.deepEqual(await sendJson('POST', 'api/tokens', { body: { name: 'p' } }), { made: 1 })
  const bodies = sent.calls.map((call) => (call.arguments as unknown[])[1] as RequestInit).map(({ body }) => body)
  assert.deepEqual([asked, bodies], [1, ['{"name":"p"}', '{"name":"p"}']])
})

test('it is not asked in a circle, not for other refusals, and not where nobody can be', async () => {
  let asked = 0
  node(refusal({ confirm: true }))
  await assert.rejects(sendJson('POST', 'api/tokens'), { code: 'NOT_AUTHORIZED' })
  onConfirm(async () => void asked++)
  mock.restoreAll()
  node(refusal({}))
  await assert.rejects(sendJson('POST', 'api/tokens'), { code: 'NOT_AUTHORIZED' })
  assert.equal(asked, 0)
  mock.restoreAll()
  node(refusal({ confirm: true }), refusal({ confirm: true }))
  await assert.rejects(sendJson('POST', 'api/tokens'), { code: 'NOT_AUTHORIZED' })
  assert.equal(asked, 1)
})

test('who does not give it has cancelled, and nothing is sent again', async () => {
  const { mock: sent } = node(refusal({ confirm: true }))
  onConfirm(async () => {
    throw new Refusal('CANCELLED', 'cancelled')
  })
  await assert.rejects(sendJson('POST', 'api/tokens'), { code: 'CANCELLED' })
  assert.equal(sent.callCount(), 1)
})
