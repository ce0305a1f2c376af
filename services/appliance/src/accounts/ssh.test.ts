import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { boxMethods } from '@holt/control/box/methods.ts'
import { MethodChecker } from '@holt/control/validate.ts'
import { FakeTools } from '../testing/fake-tools.ts'
import { parseKey, Ssh } from './ssh.ts'

/** Made by ssh-keygen, with the fingerprints it shows. */
const laptop = {
  text: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICw7gQXy0S4OMlnod50gt5s10ruEcHPQa0I0y8hwnD03 me@laptop',
  fingerprint: 'SHA256:k0trc2ftw1GqUSreLWuGt06I0vaG2gv4MXcDA4diPDc',
}
const phone = {
  text: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBKN3uy/9mZtLOUAl77W6Cv+pxEwNfcXESpWfQ+PffQUt+v9I6dxGbHW8Yxil4rEaHfWj8N4go/NoBi61kh7i9o8= old phone',
  fingerprint: 'SHA256:7aIHZZF3YM5Cwb60Wq2Nl0yzosD/+nMeZl0E9g6RxiQ',
}

async function world(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-ssh-'))
  context.after(() => rm(folder, { recursive: true }))
  let active = 'inactive'
  const tools = new FakeTools({
    systemctl: ([verb]) => {
      if (verb === 'start') active = 'active'
      if (verb === 'stop') active = 'inactive'
      return `${active}\n`
    },
  })
  const kept = join(folder, 'system')
  return { ssh: new Ssh(tools, { keptFolder: kept, hostKeyFile: join(folder, 'host.pub') }), tools, kept, folder }
}

test('is off as the box comes, on for the keys it is given, and off again', async (context) => {
  const { ssh, kept, folder, tools } = await world(context)
  assert.deepEqual(await ssh.status(), { enabled: false, running: false, keys: [], hostKey: null })
  await ssh.set(true, [laptop.text, phone.text])
  await writeFile(join(folder, 'host.pub'), `${laptop.text}\n`)
  const { keys, ...rest } = await ssh.status()
  assert.deepEqual(rest, { enabled: true, running: true, hostKey: laptop.fingerprint })
  assert.deepEqual(
    keys.map(({ kind, comment, fingerprint }) => [kind, comment, fingerprint]),
    [
      ['ssh-ed25519', 'me@laptop', laptop.fingerprint],
      ['ecdsa-sha2-nistp256', 'old phone', phone.fingerprint],
    ],
  )
  assert.equal(await readFile(join(kept, 'ssh-keys'), 'utf8'), `${laptop.text}\n${phone.text}\n`)
  assert.equal((await stat(join(kept, 'ssh-keys'))).mode & 0o777, 0o644, 'sshd reads it as the owner')
  await ssh.set(false, [laptop.text])
  assert.deepEqual(await ssh.status().then(({ enabled, running }) => ({ enabled, running })), { enabled: false, running: false })
  await assert.rejects(stat(join(kept, 'enabled', 'ssh')), { code: 'ENOENT' })
  assert.ok(tools.ran.includes('systemctl stop holt-ssh.service'))
})

test('takes nothing but public keys, and none of what may stand before one in authorized_keys', async (context) => {
  const { ssh, kept } = await world(context)
  const { text } = laptop
  const checker = new MethodChecker(boxMethods)
  const fits = (key: string): boolean => {
    try {
      checker.validateParams('ssh.set', { enabled: true, keys: [key] })
      return true
    } catch {
      return false
    }
  }
  assert.ok(fits(text))
  const [kind, encoded] = text.split(' ') as [string, string]
  for (const odd of [
    `command="/bin/sh" ${text}`,
    `${text}\n${text}`,
    `cert-authority ${text}`,
    `${kind} ${encoded} \u001b[2J`,
    kind,
    '',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
  ])
    assert.equal(fits(odd), false, odd)
  // of the right form, and not what it says
  for (const odd of [`ssh-rsa ${encoded}`, `${kind} ${encoded.slice(4)}`, `${kind} ${'A'.repeat(64)}`]) {
    assert.equal(parseKey(odd), null)
    await assert.rejects(ssh.set(true, [odd]), { code: 'INPUT_INVALID', data: { field: 'keys.0' } })
  }
  await assert.rejects(ssh.set(true, []), { code: 'INPUT_INVALID' })
  await assert.rejects(stat(join(kept, 'enabled', 'ssh')), { code: 'ENOENT' })
})
