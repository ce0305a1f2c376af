import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ShadowFile } from '@holt/appliance/accounts/shadow.ts'
import { Lab } from './lab.ts'

/** node-linux-pam as it goes into the image, with the image's own rules and a password that the helper wrote. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const PASSWORD = 'ein Wald $6$ mit Öttern: und #'

let lab: Lab
before(async () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build-pam.mjs')], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  lab = await Lab.open()
  cpSync(stdout.trim().split('\n').at(-1) as string, join(lab.folder, 'node-linux-pam.node'))
  mkdirSync(join(lab.folder, 'pam.d'))
  for (const name of ['holt', 'other']) cpSync(join(root, 'overlay/etc/pam.d', name), join(lab.folder, 'pam.d', name))
  lab.write('passwd', 'root:x:0:0:root:/root:/bin/sh\nowner:x:1000:1000::/:/bin/sh\n')
  lab.write('shadow', 'root:*:20000:0:99999:7:::\nowner:!:20000:0:99999:7:::\n')
  await new ShadowFile(join(lab.folder, 'shadow')).setPassword('owner', PASSWORD)
  for (const name of ['pam.d', 'passwd', 'shadow']) await lab.must('mount', ['--bind', join(lab.folder, name), `/etc/${name}`])
})
after(() => lab?.close())

const CHECK = `
import { pamCheck } from '${root}services/appliance/src/accounts/pam.ts'
const [addon, user, password] = process.argv.slice(2)
console.log(await pamCheck(addon)(user, password))
`

async function check(user: string, password: string): Promise<string> {
  const script = lab.write('check.mts', CHECK)
  return (
    await lab.must('sh', [
      '-c',
      `cd ${root} && exec "$@"`,
      'sh',
      process.execPath,
      '--import',
      'tsx',
      script,
      join(lab.folder, 'node-linux-pam.node'),
      user,
      password,
    ])
  ).trim()
}

test('lets the owner in with the password that the helper wrote, and with no other', async () => {
  assert.match(readFileSync(join(lab.folder, 'shadow'), 'utf8'), /owner:\$6\$rounds=100000\$/)
  assert.equal(await check('owner', PASSWORD), 'true')
  for (const wrong of ['', 'wrong', PASSWORD.slice(0, -1), `${PASSWORD} `]) assert.equal(await check('owner', wrong), 'false', wrong)
})

test('lets nobody in who has no password, or whom nobody knows', async () => {
  for (const user of ['root', 'nobody-known']) assert.equal(await check(user, ''), 'false', user)
  assert.equal(await check('root', '*'), 'false')
})
