import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { afterwards, temporaryFolder } from '../peers/harness.ts'
import { FakePhone } from './fake-phone.ts'
import { repositoryRoot } from './runtimes.ts'

async function fakePhone(context: TestContext): Promise<FakePhone> {
  const phone = new FakePhone(join(await temporaryFolder(context), 'phone'))
  afterwards(context, () => phone.kill())
  return phone
}

/** The page answers who has this start's token, and nobody else. */
async function pageAnswers(phone: FakePhone): Promise<void> {
  phone.tell('fetch')
  assert.match(await phone.next(), /^page #code=[A-Z0-9]{8} 200 403$/)
}

test('opened, it unpacks, starts the node in the foreground and shows its page; asked to, it ends and stays ended', async (context) => {
  const phone = await fakePhone(context)
  await phone.start()
  phone.tell('locked')
  assert.equal(await phone.next(), 'notice 0', 'and nobody waits for it')
  phone.tell('boot')
  assert.equal(await phone.next(), 'broadcast', 'nobody had started it: the phone starts without it')
  phone.tell('open')
  assert.equal(await phone.next(), 'opened')
  assert.equal(await phone.next(), 'service 1 shown')
  await pageAnswers(phone)
  phone.tell('locks')
  assert.equal(await phone.next(), 'locks true true jobs 1', 'it looks for others at first')
  phone.tell('leave')
  assert.equal(await phone.next(), 'left')
  phone.tell('wifi lost')
  assert.equal(await phone.next(), 'wifi lost')
  phone.tell('window')
  assert.equal(await phone.next(), 'window true')
  assert.equal(await phone.next(), 'window over', 'the line costs: there is nothing to wait for')
  phone.tell('elsewhere')
  assert.equal(await phone.next(), 'kept false', 'another address is not shown in the app')
  phone.tell('stop')
  assert.equal(await phone.next(), 'service 2 stopped')
  assert.equal(await phone.ended(), 0, phone.log)
  assert.doesNotMatch(phone.log, /error|Exception/)

  await phone.start()
  phone.tell('locked')
  assert.equal(await phone.next(), 'notice 0')
  phone.tell('boot')
  assert.equal(await phone.next(), 'broadcast')
  phone.tell('elsewhere-not')
  assert.equal(await phone.next(), 'unknown elsewhere-not', 'and no service')
})

test('killed, it is there again when the phone starts; a newer build takes the place of the old one, with the same data', async (context) => {
  const phone = await fakePhone(context)
  await phone.start({ sdk: 24 })
  phone.tell('open')
  for (const line of ['opened', 'service 1 shown']) assert.equal(await phone.next(), line)
  await pageAnswers(phone)
  await phone.kill()
  const before = readdirSync(join(phone.folder, 'files/program'))
  writeFileSync(join(phone.folder, 'files/holt/mark'), 'of the older build')
  const newer = join(await temporaryFolder(context), 'assets')
  cpSync(join(repositoryRoot, 'build/mobile/app/assets'), newer, { recursive: true })
  writeFileSync(join(newer, 'build'), 'newer\n')
  await phone.start({ assets: newer })
  phone.tell('locked')
  assert.equal(await phone.next(), 'notice 2', 'it waits for the owner to unlock the phone')
  phone.tell('replaced')
  for (const line of ['broadcast', 'service 1 shown']) assert.equal(await phone.next(), line)
  phone.tell('open')
  for (const line of ['opened', 'service 1 shown']) assert.equal(await phone.next(), line)
  await pageAnswers(phone)
  assert.deepEqual(before.length, 1)
  assert.deepEqual(readdirSync(join(phone.folder, 'files/program')), ['build-newer'])
  assert.equal(readFileSync(join(phone.folder, 'files/holt/mark'), 'utf8'), 'of the older build')
})

test('what an earlier start did not finish unpacking is unpacked anew', async (context) => {
  const phone = await fakePhone(context)
  const unfinished = join(phone.folder, 'files/program/unfinished')
  cpSync(join(repositoryRoot, 'build/mobile/app/assets/node/worker.cjs'), join(unfinished, 'worker.cjs'))
  await phone.start()
  phone.tell('open')
  for (const line of ['opened', 'service 1 shown']) assert.equal(await phone.next(), line)
  await pageAnswers(phone)
  assert.equal(existsSync(unfinished), false)
})
