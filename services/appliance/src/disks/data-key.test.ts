import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemTools } from '../system/tools.ts'
import { FakeTools } from '../testing/fake-tools.ts'
import { DataKey, newRecoveryKey } from './data-key.ts'

const cheap = ['--batch-mode', '--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000']

/** A real LUKS2 header in a file, opened by a key file as on a box without a TPM. */
async function locked(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-luks-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const [partition, keyFile] = [join(folder, 'partition'), join(folder, 'key')]
  const file = await open(partition, 'w')
  await file.truncate(20 << 20)
  await file.close()
  await writeFile(keyFile, randomBytes(64), { mode: 0o600 })
  const cryptsetup = (args: string[], input = ''): string =>
    execFileSync('/usr/sbin/cryptsetup', args, { input, encoding: 'utf8', stdio: 'pipe' })
  cryptsetup(['luksFormat', '--type', 'luks2', ...cheap, '--key-file', keyFile, partition])
  const opens = (key: string): boolean => {
    try {
      cryptsetup(['open', '--test-passphrase', '--key-file', '-', partition], key)
      return true
    } catch {
      return false
    }
  }
  const slots = (): string[] => {
    const { keyslots } = JSON.parse(cryptsetup(['luksDump', '--dump-json-metadata', partition])) as { keyslots: object }
    return Object.keys(keyslots).sort()
  }
  return { dataKey: new DataKey(systemTools, { partition, keyFile }), partition, keyFile, cryptsetup, opens, slots }
}

test('a recovery key opens the drive; a new one takes the place of the one before', async (context) => {
  const { dataKey, opens, slots } = await locked(context)
  assert.deepEqual(await dataKey.status(), { sealed: false, recoveryKey: false })
  const first = await dataKey.makeRecoveryKey()
  assert.match(first, /^(?:[cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}$/)
  assert.ok(opens(first))
  assert.deepEqual(await dataKey.status(), { sealed: false, recoveryKey: true })
  const [second, third] = await Promise.all([dataKey.makeRecoveryKey(), dataKey.makeRecoveryKey()])
  assert.deepEqual([first, second, third].map(opens), [false, false, true])
  assert.deepEqual(slots(), ['0', '7'])
  assert.ok(!opens(third.slice(0, -1)))
})

test('what a power cut left behind is taken for the next key', async (context) => {
  const { dataKey, cryptsetup, partition, keyFile, slots, opens } = await locked(context)
  const kept = await dataKey.makeRecoveryKey()
  // a key was added, and nothing told of it
  const add = ['luksAddKey', ...cheap, '--key-file', keyFile, '--new-key-slot', '6', '--new-keyfile', '-', partition]
  cryptsetup(add, 'forgotten')
  const next = await dataKey.makeRecoveryKey()
  assert.deepEqual([kept, 'forgotten', next].map(opens), [false, false, true])
  assert.deepEqual(slots(), ['0', '6'])
})

test('a drive that does not open, or is none of ours, gets no key', async (context) => {
  const { partition, slots } = await locked(context)
  const wrong = join(partition, '..', 'wrong')
  await writeFile(wrong, 'not the key', { mode: 0o600 })
  await assert.rejects(new DataKey(systemTools, { partition, keyFile: wrong }).makeRecoveryKey(), { code: 'SYSTEM_REFUSED' })
  assert.deepEqual(slots(), ['0'])
  const foreign = new DataKey(systemTools, { partition: wrong })
  await assert.rejects(foreign.makeRecoveryKey(), { code: 'SYSTEM_REFUSED' })
  assert.deepEqual(await foreign.status(), { sealed: false, recoveryKey: false })
})

test('where the TPM keeps the key it is the TPM that is asked, and the new key never stands on a command line', async () => {
  const metadata = { keyslots: { 1: {} }, tokens: { 0: { type: 'systemd-tpm2', keyslots: ['1'] } } }
  const tools = new FakeTools({ cryptsetup: (args) => (args.includes('luksDump') ? JSON.stringify(metadata) : '') })
  const dataKey = new DataKey(tools, { partition: '/dev/data' })
  assert.deepEqual(await dataKey.status(), { sealed: true, recoveryKey: false })
  const key = await dataKey.makeRecoveryKey()
  const added = tools.ran.find((line) => line.includes('luksAddKey')) ?? ''
  assert.match(added, /--token-only --token-type systemd-tpm2 .*--new-key-slot 7 --new-keyfile - \/dev\/data$/)
  assert.ok(tools.ran.every((line) => !line.includes(key)))
  assert.equal(tools.inputs[tools.ran.indexOf(added)], key)
})

test('no two keys are alike', () => {
  assert.equal(new Set(Array.from({ length: 50 }, newRecoveryKey)).size, 50)
})
