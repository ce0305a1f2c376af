import assert from 'node:assert/strict'
import { before, mock, test } from 'node:test'
import { isHoltError, type HoltErrorCode } from '@holt/core/errors.ts'
import type { GivenFolder } from './folder-record.ts'
import { Company, type Sharer } from '../testing/simulated-sharers.ts'

// work gives way after some milliseconds of the thread's clock: on a busy machine that would make another story of a seed
before(() => void mock.method(performance, 'now', () => 0))

const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)

async function friends(seed: number, names: readonly string[] = ['anna', 'ben']) {
  const company = new Company(seed)
  const people: Sharer[] = []
  for (const name of names) people.push(await company.come(name))
  const [anna, ben] = people as [Sharer, Sharer]
  const until = <T>(work: Promise<T>): Promise<T> => company.world.clock.until(work)
  await until(anna.put('/photos/one', 'first'))
  await until(anna.put('/photos/deep/er', 'inside'))
  await until(anna.put('/diary', 'secret'))
  return { company, until, anna, ben, people }
}

/** Ben reads what Anna shares. */
async function reading(seed: number, names?: readonly string[]) {
  const world = await friends(seed, names)
  const { company, until, anna, people } = world
  for (const reader of people.slice(1)) {
    await until(anna.sharing.owner.give('/photos', { owner: reader.owner.publicKey, name: reader.name }))
    await company.sees('the offer', () => reader.sharing.taker.offered().length === 1)
    await until(reader.sharing.accept(reader.sharing.taker.offered()[0]?.id as string, () => 'Anna'))
    await company.sees('the folder', async () => (await reader.read('/shared/Anna/photos/one')) === 'first')
  }
  return world
}

/** Ben may write, too. */
async function writing(seed: number, names?: readonly string[]) {
  const world = await reading(seed, names)
  const { company, until, anna, ben } = world
  await until(ben.sharing.askToWrite(ben.taken, { path: '/', note: 'please' }))
  const [, folder] = anna.sharing.shelf.given()[0] as [string, GivenFolder]
  assert.deepEqual(
    folder.requests.map(({ path, note }) => [path, note]),
    [['/', 'please']],
  )
  const request = folder.requests[0]?.id as Uint8Array
  await until(anna.sharing.owner.approve(anna.given, request, { path: '/' }))
  await company.sees('the right to write', () => ben.sharing.taker.rights.writable(ben.sharing.taker.get(ben.taken)).length === 1)
  return world
}

test('a folder comes to a friend who takes it, and what changes in it follows; nothing beside it does', async () => {
  const { company, until, anna, ben } = await reading(1)
  assert.equal(await ben.read('/shared/Anna/photos/deep/er'), 'inside')
  const told = new Set<string>()
  ben.volume.watch(({ changes }) => {
    for (const { path, kind } of changes) told.add(`${path} ${kind}`)
  })
  await until(anna.put('/photos/one', 'changed'))
  await until(anna.put('/photos/two', 'new'))
  await until(anna.remove('/photos/deep'))
  await company.sees('the change', async () => (await ben.read('/shared/Anna/photos/two')) === 'new')
  await company.sees('the other', async () => (await ben.read('/shared/Anna/photos/one')) === 'changed')
  assert.equal(await ben.read('/shared/Anna/photos/deep/er'), null)
  assert.equal(await ben.volume.current().stat('/diary'), null)
  assert.deepEqual(
    company.sharers.flatMap(({ warnings }) => warnings),
    [],
  )
})

test('who may only read cannot change it, and is told so', async () => {
  const { until, ben } = await reading(2)
  await assert.rejects(until(ben.put('/shared/Anna/photos/mine', 'x')), refuses('NOT_AUTHORIZED'))
  await assert.rejects(until(ben.remove('/shared/Anna/photos')), refuses('NOT_AUTHORIZED'))
  await until(ben.put('/shared/other', 'is his own'))
})

test('asked for, approved, written: both read what the other wrote, and so does a third', async () => {
  const { company, until, anna, ben, people } = await writing(3, ['anna', 'ben', 'cleo'])
  const cleo = people[2] as Sharer
  await until(ben.put('/shared/Anna/photos/of-ben', 'hello'))
  await company.sees('what Ben wrote', async () => (await anna.read('/photos/of-ben')) === 'hello')
  await company.sees('the same at Cleo', async () => (await cleo.read('/shared/Anna/photos/of-ben')) === 'hello')
  await until(anna.put('/photos/of-anna', 'hello too'))
  await company.sees('what Anna wrote', async () => (await ben.read('/shared/Anna/photos/of-anna')) === 'hello too')
  await assert.rejects(until(cleo.put('/shared/Anna/photos/x', 'x')), refuses('NOT_AUTHORIZED'))
  await until(ben.remove('/shared/Anna/photos/one'))
  await company.sees('that it is gone', async () => (await anna.read('/photos/one')) === null)
  assert.equal(ben.sharing.taker.status(ben.taken).unsent, false)
})

test('what both change while apart is merged by name, and nothing is lost', async () => {
  const { company, until, anna, ben } = await writing(4)
  company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
  await until(anna.put('/photos/of-anna', 'a'))
  await until(anna.put('/photos/one', 'of Anna'))
  await until(ben.put('/shared/Anna/photos/of-ben', 'b'))
  await until(ben.put('/shared/Anna/photos/one', 'of Ben'))
  await company.world.clock.pass(60_000)
  assert.equal(await anna.read('/photos/of-ben'), null)
  assert.equal(ben.sharing.taker.status(ben.taken).unsent, true)
  company.world.network.join(anna.node.publicKey, ben.node.publicKey)
  await company.sees(
    'both at Anna',
    async () => (await anna.read('/photos/of-ben')) === 'b' && (await anna.read('/photos/one')) === 'of Ben',
  )
  await company.sees('both at Ben', async () => (await ben.read('/shared/Anna/photos/of-anna')) === 'a')
  assert.deepEqual(ben.conflicts, ['/shared/Anna/photos/one'])
})

test('what a revoked writer writes reaches nobody, whatever its node does; it goes on reading', async () => {
  const { company, until, anna, ben } = await writing(5)
  const [, folder] = anna.sharing.shelf.given()[0] as [string, GivenFolder]
  await until(anna.sharing.owner.revoke(anna.given, folder.grants[0]?.[0]?.serial as Uint8Array))
  await company.sees('that it was taken back', () => ben.sharing.taker.get(ben.taken).lost === 'CAP_REVOKED')
  await assert.rejects(until(ben.put('/shared/Anna/photos/late', 'x')), refuses('CAP_REVOKED'))
  await until(anna.put('/photos/later', 'still read'))
  await company.sees('what comes later', async () => (await ben.read('/shared/Anna/photos/later')) === 'still read')
})

test('what was written apart, after it was revoked, stays where it was written and is told', async () => {
  const { company, until, anna, ben } = await writing(6)
  company.world.network.cut(anna.node.publicKey, ben.node.publicKey)
  const [, folder] = anna.sharing.shelf.given()[0] as [string, GivenFolder]
  await until(anna.sharing.owner.revoke(anna.given, folder.grants[0]?.[0]?.serial as Uint8Array))
  await until(ben.put('/shared/Anna/photos/late', 'x'))
  await until(anna.put('/photos/after', 'y'))
  company.world.network.join(anna.node.publicKey, ben.node.publicKey)
  await company.sees('that it was taken back', () => ben.sharing.taker.get(ben.taken).lost === 'CAP_REVOKED')
  await company.sees('what Anna wrote', async () => (await ben.read('/shared/Anna/photos/after')) === 'y')
  await company.world.clock.pass(60_000)
  assert.equal(await ben.read('/shared/Anna/photos/late'), 'x')
  assert.equal(await anna.read('/photos/late'), null)
  assert.equal(ben.sharing.taker.status(ben.taken).unsent, true)
})

test('a reader who is shut out keeps what it had and gets nothing more; the others go on', async () => {
  const { company, until, anna, ben, people } = await reading(7, ['anna', 'ben', 'cleo'])
  const cleo = people[2] as Sharer
  await until(anna.sharing.owner.takeBack(anna.given, ben.owner.publicKey))
  await until(anna.put('/photos/new', 'for Cleo'))
  await company.sees('Cleo reads', async () => (await cleo.read('/shared/Anna/photos/new')) === 'for Cleo')
  await company.sees('Ben knows', () => ben.sharing.taker.get(ben.taken).state === 'ended')
  assert.equal(await ben.read('/shared/Anna/photos/one'), 'first')
  assert.equal(await ben.read('/shared/Anna/photos/new'), null)
  await until(ben.put('/shared/Anna/photos/mine', 'it is his own now'))
  assert.equal(await anna.read('/photos/mine'), null)
})

test('a power cut at any write of either side loses nothing, and what was half done is done', async () => {
  for (const victim of ['anna', 'ben'] as const)
    for (let write = 1; write <= 9; write++) {
      const world = await writing(100 + write)
      const { company, until, anna, ben } = world
      await until(ben.put('/shared/Anna/photos/of-ben', 'hello'))
      const cut = world[victim]
      cut.store.failAt(write)
      await company.world.clock.pass(2000)
      cut.crash()
      await until(cut.start())
      const what = `${victim}, write ${write}`
      await company.sees(`${what}: at Anna`, async () => (await anna.read('/photos/of-ben')) === 'hello')
      await until(anna.put('/photos/of-anna', 'too'))
      await company.sees(`${what}: at Ben`, async () => (await ben.read('/shared/Anna/photos/of-anna')) === 'too')
      assert.equal(await ben.read('/shared/Anna/photos/of-ben'), 'hello', what)
      for (const one of company.sharers) await until(one.sharing.stop())
    }
})
