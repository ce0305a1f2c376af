import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { armor, Encrypter } from 'age-encryption'
import { concatBytes, utf8 } from './bytes.ts'
import { type HoltErrorCode, isHoltError } from './errors.ts'
import { backUpRootKey, openRootKeyFile, rootKeyToWords } from './root-key.ts'
import { createWebCrypto } from './web-crypto.ts'

// The age library takes its randomness from here; Node 18 has it elsewhere.
globalThis.crypto ??= webcrypto as unknown as globalThis.Crypto

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const rootKey = crypto.randomBytes(32)
const passphrase = 'correct horse — 馬'
const quick = { crypto, costLog2: 2 }
const folder = mkdtempSync(join(tmpdir(), 'holt-age-'))
after(() => rmSync(folder, { recursive: true }))

const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)

async function ageFile(content: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(2)
  return encrypter.encrypt(content)
}

/** Runs age on a terminal of its own, since it takes a passphrase from nowhere else, and types `lines` as it asks. */
function age(args: readonly string[], lines: readonly string[]): void {
  const script = `
import os, pty, sys
replies = sys.argv[1].split('\\n')
def read(fd):
    data = os.read(fd, 1024)
    if b'passphrase' in data and replies:
        os.write(fd, (replies.pop(0) + '\\n').encode())
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(['age', *sys.argv[2:]], read)))
`
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', script, lines.join('\n'), ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  const missing = error !== undefined || /No such file/.test(stdout + stderr)
  assert.ok(!missing, 'this test needs age and python3: apt-get install age python3')
  assert.equal(status, 0, stdout + stderr)
}

test('opens its own file with the passphrase', async () => {
  const file = await backUpRootKey(rootKey, passphrase, quick)
  assert.deepEqual(await openRootKeyFile(file, passphrase, { crypto }), rootKey)
  assert.notDeepEqual(await backUpRootKey(rootKey, passphrase, quick), file)
})

test('age opens our file', async () => {
  const [sealed, opened] = [join(folder, 'ours.age'), join(folder, 'ours.txt')]
  writeFileSync(sealed, await backUpRootKey(rootKey, passphrase, { crypto, costLog2: 10 }))
  age(['-d', '-o', opened, sealed], [passphrase])
  assert.equal(readFileSync(opened, 'utf8'), `holt root key v1\n${rootKeyToWords(rootKey)}\n`)
})

test('we open a file that age made, armored or not', async () => {
  const plain = join(folder, 'plain.txt')
  writeFileSync(plain, `holt root key v1\n${rootKeyToWords(rootKey)}\n`)
  const sealed = join(folder, 'theirs.age')
  age(['-p', '-a', '-o', sealed, plain], [passphrase, passphrase])
  const armored = readFileSync(sealed)
  assert.deepEqual(await openRootKeyFile(armored, passphrase, { crypto }), rootKey)
  assert.deepEqual(await openRootKeyFile(concatBytes([utf8('\r\n '), armored, utf8('\n')]), passphrase, { crypto }), rootKey)
  assert.deepEqual(await openRootKeyFile(armor.decode(armored.toString()), passphrase, { crypto }), rootKey)
  await assert.rejects(openRootKeyFile(armored, 'another passphrase', { crypto }), refuses('PASSPHRASE_WRONG'))
})

test('tells a wrong passphrase from a damaged file, wherever the damage is', async () => {
  const file = await backUpRootKey(rootKey, passphrase, quick)
  await assert.rejects(openRootKeyFile(file, 'another passphrase', { crypto }), refuses('PASSPHRASE_WRONG'))
  for (let i = 0; i < file.length; i++) {
    const altered = file.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    await assert.rejects(openRootKeyFile(altered, passphrase, { crypto }), refuses('KEY_FILE_DAMAGED'), `byte ${i}`)
  }
  for (let length = 0; length < file.length; length++) {
    await assert.rejects(openRootKeyFile(file.subarray(0, length), passphrase, { crypto }), refuses('KEY_FILE_DAMAGED'), `${length} bytes`)
  }
})

test('damaged armor, other files and other contents are told from each other', async () => {
  const armored = utf8(armor.encode(await backUpRootKey(rootKey, passphrase, quick)))
  assert.deepEqual(await openRootKeyFile(armored, passphrase, { crypto }), rootKey)
  const words = rootKeyToWords(rootKey).replace(/^\w+/, 'hollt')
  const cases: [Uint8Array, HoltErrorCode][] = [
    [armored.subarray(0, armored.length - 40), 'KEY_FILE_DAMAGED'],
    [utf8('not an age file'), 'KEY_FILE_DAMAGED'],
    [new Uint8Array(100_000), 'KEY_FILE_DAMAGED'],
    [await ageFile('something else'), 'KEY_FILE_DAMAGED'],
    [await ageFile(''), 'KEY_FILE_DAMAGED'],
    [await ageFile(`holt root key v1\n${words}\n`), 'WORDS_INVALID'],
    [await ageFile('holt root key v1\n'), 'WORDS_INVALID'],
  ]
  for (const [file, code] of cases) await assert.rejects(openRootKeyFile(file, passphrase, { crypto }), refuses(code))
})

test('a file cannot ask for more work than it should', async () => {
  const file = Buffer.from(await ageFile('x')).toString('latin1')
  for (const cost of ['63', '21', '0', '-1', '1e9', '99999999999', '02']) {
    const asking = Uint8Array.from(Buffer.from(file.replace(/ 2\n/, ` ${cost}\n`), 'latin1'))
    await assert.rejects(openRootKeyFile(asking, passphrase, { crypto }), refuses('KEY_FILE_DAMAGED'), cost)
  }
})

test('refuses a short passphrase before it does any work', async () => {
  await assert.rejects(backUpRootKey(rootKey, '1234567', { crypto }), refuses('PASSPHRASE_TOO_WEAK'))
  await assert.rejects(backUpRootKey(rootKey, '馬馬馬馬馬馬馬', { crypto }), refuses('PASSPHRASE_TOO_WEAK'))
  await backUpRootKey(rootKey, '馬馬馬馬馬馬馬馬', quick)
})
