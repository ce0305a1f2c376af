import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { newRecoveryKey } from './data-key.ts'

/** What the start of a box does when its TPM refuses; the programs around it are told what to answer. */

const script = await readFile(fileURLToPath(new URL('../../../../overlay/usr/lib/holt/open-data', import.meta.url)), 'utf8')

/** Some functions of the script, as they stand there. */
function functionsOf(...names: string[]): string {
  return names
    .map((name) => {
      const found = new RegExp(`^${name}\\(\\) \\{\\n[^]*?^\\}`, 'm').exec(script)?.[0]
      assert.ok(found, `${name} is in open-data`)
      return found
    })
    .join('\n')
}

async function open(context: TestContext, { key, typed, token = 'systemd-recovery' }: { key: string; typed: string[]; token?: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-open-'))
  context.after(() => rm(folder, { recursive: true }))
  const said = join(folder, 'said')
  await writeFile(join(folder, 'typed'), typed.map((line) => `${line}\n`).join(''))
  const own = functionsOf('open_with_recovery_key', 'tidy_key').replaceAll('/run/holt', folder).replaceAll('/dev/mapper', folder)
  const program = `
    set -u
    partition=/dev/partition
    say() { echo "$*" >> ${said}; }
    lock_with_tpm_again() { echo "sealed $(cat "$1")" >> ${said}; }
    systemd-ask-password() { head -n 1 ${folder}/typed; sed -i 1d ${folder}/typed; }
    cryptsetup() {
      case $1 in
        luksDump) echo '  0: systemd-tpm2'; echo '  1: ${token}' ;;
        open) [ "$(cat "$4")" = '${key}' ] && touch ${folder}/holt-data ;;
      esac
    }
    ${own.replaceAll('systemd-ask-password', 'systemd_ask_password')}
    open_with_recovery_key`
  const ran = spawnSync('/bin/sh', ['-c', program.replaceAll('systemd-ask-password()', 'systemd_ask_password()')], { encoding: 'utf8' })
  assert.equal(ran.stderr, '')
  const words = await readFile(said, 'utf8').catch(() => '')
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('key.')),
    [],
    'what was typed is not left behind',
  )
  return { opened: ran.status === 0, words, left: (await readFile(join(folder, 'typed'), 'utf8')).split('\n').filter(Boolean).length }
}

test('the key opens the drive however it is typed, and the TPM takes it over', async (context) => {
  const key = newRecoveryKey()
  for (const typed of [key, key.toUpperCase(), key.replaceAll('-', ''), key.replaceAll('-', ' '), `  ${key.replaceAll('-', '')} `]) {
    const { opened, words } = await open(context, { key, typed: [typed] })
    assert.ok(opened, typed)
    assert.match(words, new RegExp(`^sealed ${key}$`, 'm'))
  }
})

test('a wrong key is told, three times; then the box starts without its drive', async (context) => {
  const key = newRecoveryKey()
  const late = await open(context, { key, typed: ['wrong', newRecoveryKey(), key] })
  assert.ok(late.opened)
  const { opened, words, left } = await open(context, { key, typed: ['wrong', 'wrong', 'wrong', key] })
  assert.deepEqual([opened, left], [false, 1])
  assert.equal(words.match(/not the recovery key/g)?.length, 3)
  assert.doesNotMatch(words, /sealed/)
})

test('when nobody is there it asks once; where there is no such key it does not ask', async (context) => {
  const key = newRecoveryKey()
  assert.deepEqual(await open(context, { key, typed: [] }).then(({ opened, left }) => [opened, left]), [false, 0])
  const none = await open(context, { key, typed: [key], token: 'other' })
  assert.deepEqual([none.opened, none.left, none.words], [false, 1, ''])
})
