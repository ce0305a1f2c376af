import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'

/** A browser as far as signing out needs one: no IndexedDB, as in a private window. */
const kept = new Map<string, string>()
const opened: string[] = []
Object.assign(globalThis, {
  window: { location: { pathname: '/', replace: (url: string) => void opened.push(url) } },
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  },
})
const { signOut } = await import('../ui/state/sign-out.ts')
const { readSession, session, person } = await import('../ui/state/session.ts')

const asked: string[] = []
let answers: (() => Response)[] = []
mock.method(globalThis, 'fetch', async (url: string, { method }: RequestInit) => {
  asked.push(`${method} ${url}`)
  const answer = answers.shift() ?? assert.fail('one request too many')
  return answer()
})
const away = (): Response => {
  throw new TypeError('fetch failed')
}
const done = (): Response => new Response(null, { status: 204 })
const signedIn = (id: string) => () =>
  Response.json({ state: 'signed-in', setUpFinished: true, others: true, person: { id, name: id, role: 'member', home: null, given: [] } })

beforeEach(() => {
  kept.clear()
  opened.length = 0
  asked.length = 0
})

test('signing out takes the document along', async () => {
  answers = [done]
  await signOut()
  assert.deepEqual([asked, opened, kept.size], [['DELETE api/session'], ['/'], 0])
})

test('while the node does not answer the browser forgets already, and the node is told before anything shows', async () => {
  answers = [away]
  await signOut()
  assert.deepEqual(opened, ['/'])
  answers = [away]
  await readSession()
  assert.equal(session.value, 'offline')
  assert.deepEqual(asked, ['DELETE api/session', 'DELETE api/session'], 'not asked who it is')
  answers = [done, () => Response.json({ state: 'signed-out', setUpFinished: true, others: true })]
  await readSession()
  assert.equal(session.value, 'signed-out')
  answers = [signedIn('anna')]
  await readSession()
  assert.equal(asked.at(-1), 'GET api/session', 'told once')
})

test('what the node refuses is not taken for a sign-out', async () => {
  answers = [() => new Response(JSON.stringify({ code: 'INTERNAL', message: 'a fault', data: {} }), { status: 500 })]
  await assert.rejects(signOut(), { code: 'INTERNAL' })
  assert.deepEqual([opened, kept.size], [[], 0])
})

test('who signs in after somebody else finds nothing of them in memory', async () => {
  answers = [signedIn('anna')]
  await readSession()
  assert.deepEqual([person.value?.id, opened.length], ['anna', 0])
  answers = [() => Response.json({ state: 'signed-out', setUpFinished: true, others: true })]
  await readSession()
  answers = [signedIn('anna')]
  await readSession()
  assert.equal(opened.length, 0, 'the same one goes on')
  answers = [signedIn('ben')]
  await readSession()
  assert.deepEqual([opened, person.value?.id], [['/'], 'anna'])
})
