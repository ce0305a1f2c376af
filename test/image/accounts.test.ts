import assert from 'node:assert/strict'
import { bootedBox } from './box.ts'
import { askHelper } from './helper-calls.ts'
import { machineTest } from './machine/world.ts'

const PASSWORD = 'otters in a small wood'

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
