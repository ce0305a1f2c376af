import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, caller, NodeWorld } from './node-world.ts'

const signal = new AbortController().signal

test('finds names by their words in any case and with any accents, in pages, also in an older version and never in the hidden area', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  await call('files.mkdir', { path: '/Letters/Café', parents: true })
  for (const path of ['/Letters/Café/Menü 2026.txt', '/Letters/menu.txt', '/other.txt', '/trashed menu.txt'])
    await files.write(path, bodyOf('x'), { signal })
  await call('trash.put', { paths: ['/trashed menu.txt'] })
  const paths = async (params: { path: string; text: string; at?: number }) => {
    const found: string[] = []
    for (let after: string | null | undefined; after !== null; ) {
      const page = await call('files.search', { ...params, limit: 1, ...(after === undefined ? {} : { after }) })
      assert.ok(page.found.length <= 1)
      found.push(...page.found.map((one) => one.path))
      after = page.after
    }
    return found
  }
  assert.deepEqual(await paths({ path: '/', text: 'MENU' }), ['/Letters/Café/Menü 2026.txt', '/Letters/menu.txt'])
  assert.deepEqual(await paths({ path: '/', text: '2026 menu' }), ['/Letters/Café/Menü 2026.txt'])
  assert.deepEqual(await paths({ path: '/Letters/Café', text: 'menu' }), ['/Letters/Café/Menü 2026.txt'])
  assert.deepEqual(await paths({ path: '/', text: 'cafe' }), ['/Letters/Café'])
  assert.deepEqual(await paths({ path: '/', text: 'holt' }), [])
  const { sequence } = await call('node.status', {})
  await call('files.remove', { paths: ['/Letters'], recursive: true })
  assert.deepEqual(await paths({ path: '/', text: 'menu' }), [])
  assert.equal((await paths({ path: '/', text: 'menu', at: sequence })).length, 2)
  await assert.rejects(call('files.search', { path: '/', text: '  ' }), { code: 'INPUT_INVALID' })
  await assert.rejects(call('files.search', { path: '/none', text: 'x' }), { code: 'NOT_FOUND' })
  await assert.rejects(call('files.search', { path: '/', text: 'x', after: '/../x' }), { code: 'NAME_INVALID' })
})
