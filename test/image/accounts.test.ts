import assert from 'node:assert/strict'
import { askHelper, bootedBox } from './box.ts'
import { machineTest } from './machine/world.ts'

machineTest('the node asks PAM for the owner through the root helper, and nobody else may', async (world) => {
  const { box } = await bootedBox(world)
  assert.deepEqual(await askHelper(box, 'accounts.status'), { hasPassword: false })
  await assert.rejects(askHelper(box, 'accounts.verify', { password: '' }))
  await assert.rejects(askHelper(box, 'accounts.verify', { password: 'anything' }))
  await askHelper(box, 'accounts.setPassword', { password: 'otters in a small wood' })
  await askHelper(box, 'accounts.verify', { password: 'otters in a small wood' })
  await assert.rejects(askHelper(box, 'accounts.verify', { password: 'otters in a small Wood' }))
  await assert.rejects(askHelper(box, 'accounts.setPassword', { password: 'someone else', oldPassword: 'a guess' }))
  await askHelper(box, 'accounts.verify', { password: 'otters in a small wood' })
  const stranger = 'setpriv --reuid 65534 --regid 65534 --clear-groups'
  const { code } = await box.shell.tryRun(`${stranger} /usr/lib/holt/node -e "require('net').connect('/run/holt/appliance.sock')"`)
  assert.notEqual(code, 0)
})
