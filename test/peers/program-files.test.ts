import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileC } from '@holt/cli/program/compile-c.ts'
import type { ProgramGrant } from '@holt/control/programs.ts'
import type { WishedPower } from '@holt/core/package/powers.ts'
import { bodyOf, textOf } from '@holt/node/node-world.ts'
import { cagedWorld } from './relays.ts'

const folder = join(import.meta.dirname, 'program-files')
const signal = new AbortController().signal
const site: WishedPower = { kind: 'page', name: 'site', reason: 'the test asks there' }
const showSite: ProgramGrant = { kind: 'page', name: 'site', network: false }

function get(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end(),
  )
}

test('a program in C does with the files of a folder what programs in C do, by the C library, in the cage', async (t) => {
  const world = await cagedWorld(t)
  await world.call('files.mkdir', { path: '/pictures/2026', parents: true })
  await world.node.files.write('/pictures/2026/a.txt', bodyOf('first line\nsecond line\n'), { signal })
  await world.node.files.write(
    '/pictures/large',
    bodyOf(...Array.from({ length: 300 }, (_, index) => new Uint8Array(10_000).fill(index))),
    { signal },
  )
  await world.node.files.write('/diary.txt', bodyOf('secret'), { signal })
  const powers: WishedPower[] = [site, { kind: 'folder', name: 'photos', reason: 'to try', write: true }]
  const archive = await world.package(await compileC(folder, 'main.c'), { name: 'tries', title: 'Tries', powers })
  const { id, page } = await world.install(archive, [showSite, { kind: 'folder', name: 'photos', path: '/pictures', write: true }])
  assert.equal(await get(page?.port ?? 0, '/'), await readFile(join(folder, 'expected.txt'), 'utf8'))

  const content = async (path: string) => textOf((await world.node.files.read(path, { signal })).body)
  assert.equal(await content('/pictures/made/renamed.txt'), 'ONE two three, four')
  assert.equal((await content('/pictures/lines.txt')).split('\n').length, 10_001)
  const names = (await world.call('files.list', { path: '/pictures/made' })).entries.map(({ name }) => name)
  assert.deepEqual(names, ['renamed.txt'])
  const { uses } = await world.call('programs.audit', { id })
  const count = (what: string, about: string) => uses.filter((use) => use.what === what && use.about === about).length
  assert.equal(count('writeAt', 'lines.txt'), 1, 'ten thousand lines are one write')
  assert.ok(count('read', 'large') <= 20, `${count('read', 'large')} questions for three million bytes`)
  assert.equal(
    uses.some(({ about }) => about.includes('diary')),
    false,
    'what leads out is no question at all',
  )

  await world.call('programs.grant', { id, grant: { kind: 'folder', name: 'photos', path: '/pictures/2026', write: false } })
  assert.equal(await get(page?.port ?? 0, '/brief'), 'a.txt: first line; write: Read-only file system; escape: Capabilities insufficient\n')
  await world.call('programs.revoke', { id, power: 'photos' })
  assert.equal(await get(page?.port ?? 0, '/brief'), 'nothing is given\n')
})
