import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { hrefOf, pathOfReference, pathOfTarget } from './dav-path.ts'
import { decodeProperties, encodeProperties, isKeepable, propertiesIn } from './dead-properties.ts'
import { parseIf, tokensIn } from './if-header.ts'
import { checkLocks, type Lock, Locks, type NewLock } from './locks.ts'
import type { XmlElement } from './xml/element.ts'

test('a path is written in one way, and what is odd is refused', () => {
  assert.deepEqual(pathOfTarget('/dav'), { path: '/', hasSlash: true })
  assert.deepEqual(pathOfTarget('/dav/a%20b/%C3%BC/'), { path: '/a b/ü', hasSlash: true })
  assert.equal(hrefOf('/a b/ü#?', true), '/dav/a%20b/%C3%BC%23%3F/')
  for (const target of [
    '/davx',
    '/dav//',
    '/dav/a//b',
    '/dav/../a',
    '/dav/%2e%2E',
    '/dav/a%2fb',
    '/dav/%',
    '/dav/%ff',
    '/dav/%00',
    '/dav/a?b',
    '/dav/a#b',
    '/DAV/a',
    `/dav/${'a/'.repeat(9000)}`,
  ])
    assert.throws(() => pathOfTarget(target), /./, target)
  assert.equal(pathOfReference('https://Holt.local:4659/dav/a', 'holt.local:4659')?.path, '/a')
  assert.equal(pathOfReference('https://[fd00::1]/dav/a', '[fd00::1]:4659')?.path, '/a')
  assert.equal(pathOfReference('https://evil.example/dav/a', 'holt.local'), null)
  assert.equal(pathOfReference('https://holt.local@evil.example/dav/a', 'holt.local'), null)
  for (const text of ['a', 'ftp://holt.local/dav/a', 'https://holt.local', '//holt.local/dav/a'])
    assert.throws(() => pathOfReference(text, 'holt.local'), /./, text)
})

test('the header If is read as RFC 4918 has it, and nothing else', () => {
  const lists = parseIf('<http://h/dav/a> (<urn:uuid:1> ["e"]) (Not <DAV:no-lock>) </dav/b> ([W/"f"])')
  assert.deepEqual(
    lists.map(({ resource, conditions }) => [resource, conditions.length]),
    [
      ['http://h/dav/a', 2],
      ['http://h/dav/a', 1],
      ['/dav/b', 1],
    ],
  )
  assert.deepEqual(lists[1]?.conditions, [{ isNot: true, kind: 'token', value: 'DAV:no-lock' }])
  assert.deepEqual(tokensIn(lists), ['urn:uuid:1', 'DAV:no-lock'])
  for (const wrong of ['', '()', '(', '(<a>', '<a>', '(<a>) <b> (<c>)', '(Not)', '[“e”]', '(["e)', '(<a b>)', `(${'<a>'.repeat(300)})`])
    assert.throws(() => parseIf(wrong), { code: 'INPUT_INVALID' }, wrong)
})

test('properties are kept as elements: what others wrote under that name is none', () => {
  const deep = (depth: number): XmlElement => ({
    namespace: 'urn:x',
    name: 'a',
    attributes: [],
    children: depth === 1 ? ['text'] : [deep(depth - 1)],
  })
  const kept = [deep(5)]
  assert.deepEqual(decodeProperties(encodeProperties(kept)), kept)
  assert.equal(isKeepable(deep(6)), false)
  assert.equal(isKeepable({ ...deep(1), children: ['x'.repeat(40_000)] }), false)
  for (const odd of [{ v: 1, kind: 'webdav', p: [{ s: '', n: 'a><b', c: [] }] }, { v: 2 }, { v: 1, kind: 'webdav', p: 'x' }, 'x'])
    assert.deepEqual(propertiesIn({ 'user.webdav': Buffer.from(encode(odd)).toString('base64') }), [])
})

test('locks: who holds what, for how long, and who may write', () => {
  let now = 0
  const ended: string[] = []
  const locks = new Locks(
    () => now,
    ({ path }) => ended.push(path),
  )
  const wish = (path: string, more: Partial<NewLock> = {}): NewLock => ({
    path,
    isDeep: false,
    isExclusive: true,
    holder: 'me',
    owner: null,
    seconds: 60,
    ...more,
  })
  const may = (holder: string, submitted: Lock[], ...changes: Parameters<typeof checkLocks>[2]): boolean => {
    try {
      checkLocks(locks, { holder, submitted: new Set(submitted.map(({ token }) => token)) }, changes)
      return true
    } catch {
      return false
    }
  }
  const folder = locks.add(wish('/a', { isDeep: true }))
  for (const other of [wish('/a'), wish('/a/b/c', { isExclusive: false }), wish('/', { isDeep: true })])
    assert.throws(() => locks.add(other), { code: 'CONFLICT' })
  assert.ok(locks.add(wish('/ab')))
  assert.ok(!may('me', [], { path: '/a/b' }) && may('me', [folder], { path: '/a/b' }) && !may('you', [folder], { path: '/a/b' }))
  assert.ok(!may('me', [], { path: '/', isDeep: true }) && may('me', [], { path: '/ac' }))
  locks.end(folder)
  const shared = [locks.add(wish('/s', { isExclusive: false })), locks.add(wish('/s', { isExclusive: false, holder: 'you' }))] as const
  assert.throws(() => locks.add(wish('/s')), { code: 'CONFLICT' })
  assert.ok(may('you', [shared[1]], { path: '/s' }) && !may('you', [shared[0]], { path: '/s' }))
  const above = locks.add(wish('/d'))
  assert.ok(
    may('me', [], { path: '/d/x' }) &&
      !may('me', [], { path: '/d/x', isNamed: true }) &&
      may('me', [above], { path: '/d/x', isNamed: true }),
  )
  now = 59_999
  locks.refresh(above, 3_000_000)
  now = 60_001
  assert.equal(locks.find(shared[0].token), null)
  assert.deepEqual(
    locks.all().map(({ path }) => path),
    ['/d'],
  )
  assert.equal(above.seconds, 3600)
  locks.endAtAndBelow('/')
  assert.deepEqual(ended.sort(), ['/a', '/ab', '/d', '/s', '/s'])
})
