import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import type { Entry } from '../ui/api/calls.ts'
import { clearThumbnails, keptThumbnail, storedThumbnail } from '../ui/files/thumbnails/kept-thumbnails.ts'

const entry = (content: string): Entry => ({ name: 'a.jpg', type: 'file', sizeBytes: 3, modified: 0, content }) as Entry
const nobody = new AbortController().signal
const asked: string[] = []
const stored = new Map<string, string>()
const revoked: string[] = []
let made = 0
URL.createObjectURL = () => `blob:${++made}`
URL.revokeObjectURL = (address: string) => void revoked.push(address)
mock.method(globalThis, 'fetch', async (url: string, { method }: RequestInit) => {
  asked.push(`${method} ${url}`)
  if (method === 'DELETE') return new Response(null, { status: 204 })
  const found = stored.get(new URL(url, 'http://localhost').searchParams.get('content') as string)
  return found === undefined ? new Response(null, { status: 204 }) : new Response(found)
})
beforeEach(() => {
  asked.length = 0
})

test('a small picture is asked for once, and one that is not kept is not made', async () => {
  stored.set('one', 'RIFF')
  const address = await storedThumbnail('/a.jpg', entry('one'), nobody)
  assert.match(String(address), /^blob:/)
  assert.equal(await storedThumbnail('/a.jpg', entry('one'), nobody), address)
  assert.deepEqual(asked, ['GET api/files/thumbnail?path=%2Fa.jpg&content=one'])
  assert.equal(await storedThumbnail('/b.jpg', entry('two'), nobody), null)
  stored.set('two', 'RIFF')
  assert.match(String(await storedThumbnail('/b.jpg', entry('two'), nobody)), /^blob:/, 'that there was none is not remembered')
})

test('when all are removed, at the node and here, nothing of them shows any more', async () => {
  stored.clear()
  const address = keptThumbnail(entry('one'))
  await clearThumbnails()
  assert.deepEqual(asked, ['DELETE api/files/thumbnails'])
  assert.ok(address !== null && revoked.includes(address))
  assert.equal(keptThumbnail(entry('one')), null)
  assert.equal(await storedThumbnail('/a.jpg', entry('one'), nobody), null)
})
