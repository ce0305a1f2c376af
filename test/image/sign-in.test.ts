import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bootedBox, LAN_ADDRESS } from './box.ts'
import { askHelper, type HelperAnswer } from './helper-calls.ts'
import { runCommand } from './machine/child.ts'
import { machineTest } from './machine/world.ts'

const PASSWORD = 'otters in a small wood'

machineTest('a laptop that has installed the authority of the box reaches its page over HTTPS, by name and by address', async (world) => {
  const { box, home } = await bootedBox(world)
  const { laptop } = home
  const [der, pem] = [join(world.folder, 'authority.crt'), join(world.folder, 'authority.pem')]
  await laptop.run(['curl', '-sS', '-f', '-o', der, `http://${LAN_ADDRESS}/authority.crt`])
  const authority = new X509Certificate(await readFile(der))
  await writeFile(pem, authority.toString())
  const announced = JSON.parse(await box.shell.run('cat /run/holt-node/announcement.json')) as { authority: string }
  assert.equal(authority.fingerprint256, announced.authority, 'what the screen of the box shows')
  const trusting = ['--cacert', pem, '--resolve', `holt.local:443:${LAN_ADDRESS}`, '--resolve', `holt.lan:443:${LAN_ADDRESS}`]
  for (const name of ['holt.local', 'holt.lan', LAN_ADDRESS])
    assert.equal((await laptop.get(`https://${name}/`, { options: trusting })).status, 200, name)
  const stranger = await laptop.tryRun(['curl', '-sS', `https://${LAN_ADDRESS}/`])
  assert.notEqual(stranger.code, 0, 'who has not installed it is warned')
  assert.equal(await box.shell.run('stat -c %a:%U /data/holt/web/tls/authority.pem'), '600:holt')
})

machineTest('the owner signs in through SSH by the key that was let in, until SSH is off again', async (world) => {
  const { box, home } = await bootedBox(world)
  const [mine, another] = [join(world.folder, 'mine'), join(world.folder, 'another')]
  for (const file of [mine, another]) await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'laptop', '-f', file])
  const signIn = async (key: string) => {
    const quiet = [
      '-o',
      'BatchMode=yes',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'IdentitiesOnly=yes',
    ]
    return await home.laptop.tryRun(['ssh', '-i', key, ...quiet, `owner@${LAN_ADDRESS}`, 'id', '-un'])
  }
  assert.notEqual((await signIn(mine)).code, 0, 'it is off as the box comes')
  const keys = [(await readFile(`${mine}.pub`, 'utf8')).trim()]
  const [set, status] = await askHelper(box, [['ssh.set', { enabled: true, keys }], ['ssh.get']])
  assert.equal(set?.error, undefined)
  const { running, hostKey } = (status as HelperAnswer).result as { running: boolean; hostKey: string }
  assert.ok(running && hostKey.startsWith('SHA256:'))
  const { code, output } = await signIn(mine)
  assert.equal(code, 0, output)
  assert.match(output, /^owner$/m)
  assert.notEqual((await signIn(another)).code, 0)
  const [off] = await askHelper(box, [['ssh.set', { enabled: false, keys }]])
  assert.equal(off?.error, undefined)
  assert.notEqual((await signIn(mine)).code, 0)
})

machineTest('the node asks PAM for the owner through the root helper, and nobody else may', async (world) => {
  const { box } = await bootedBox(world)
  const answers = await askHelper(box, [
    ['accounts.status'],
    ['accounts.verify', { password: 'anything' }],
    ['accounts.setPassword', { password: PASSWORD }],
    ['accounts.status'],
    ['accounts.verify', { password: PASSWORD }],
    ['accounts.verify', { password: PASSWORD.toUpperCase() }],
    ['accounts.setPassword', { password: 'someone else', oldPassword: 'a guess' }],
  ])
  const [before, anything, set, after, right, wrong, stolen] = answers
  assert.deepEqual(before?.result, { hasPassword: false })
  assert.ok(anything?.error !== undefined, 'no password yet: nothing is right')
  assert.equal(set?.error, undefined)
  assert.deepEqual(after?.result, { hasPassword: true })
  assert.equal(right?.error, undefined)
  assert.ok(wrong?.error !== undefined)
  assert.ok(stolen?.error !== undefined)
  assert.match(await box.shell.run("grep '^owner:' /etc/shadow"), /^owner:\$6\$/)
  assert.equal(await box.shell.run('stat -c %a:%U:%G /run/holt/appliance.sock'), '660:root:holt')
})
