import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type BoxMethods, boxMethods } from '@holt/control/box/methods.ts'
import { defaultNetworkSettings } from '@holt/control/box/network-settings.ts'
import { rpcOverSocket } from '@holt/control/node/connection.ts'
import type { RpcClient } from '@holt/control/rpc-client.ts'
import { Lab, until } from './lab.ts'

/** The helper as it runs on a box, killed at bad moments; the firewall it sets is the kernel's own. Where systemd would stand, two small scripts do. */

const bundle = fileURLToPath(new URL('../../dist/appliance.mjs', import.meta.url))
const withGuests = { ...defaultNetworkSettings, guest: { ...defaultNetworkSettings.guest, enabled: true } }

let lab: Lab
let root: string
before(async () => {
  assert.ok(existsSync(bundle), 'it is built')
  lab = await Lab.open()
  root = join(lab.folder, 'root')
  for (const folder of ['data/system', 'run/holt', 'efi/holt', 'etc']) mkdirSync(join(root, folder), { recursive: true })
  await lab.must('ip', ['link', 'add', 'name', 'wan0', 'type', 'bridge'])
  const systemctl = lab.write(
    'systemctl',
    `#!/bin/sh\necho "$@" >>${lab.folder}/asked\ncase "$*" in *holt-firewall*) if [ -f ${root}/run/holt/nftables.conf ]; then nft -f ${root}/run/holt/nftables.conf; else nft flush ruleset; fi ;; esac\n`,
  )
  const networkctl = lab.write('networkctl', `#!/bin/sh\necho "networkctl $*" >>${lab.folder}/asked\n`)
  await lab.must('mount', ['--bind', systemctl, '/usr/bin/systemctl'])
  await lab.must('mount', ['--bind', networkctl, '/usr/bin/networkctl'])
})
after(() => lab?.close())

/** A helper that was just started, and a client of it. */
async function start(): Promise<{ client: RpcClient<BoxMethods>; kill: () => Promise<void> }> {
  const path = join(root, 'run/holt/appliance.sock')
  rmSync(path, { force: true })
  const said = lab.start('sh', ['-c', `echo $$ >${lab.folder}/helper.pid; exec ${process.execPath} ${bundle} --root ${root}`])
  const socket = await until(`the helper to answer: ${said()}`, () => connected(path))
  const client = rpcOverSocket({ methods: boxMethods }, socket)
  return {
    client,
    kill: async () => {
      await lab.must('kill', ['-KILL', readFileSync(join(lab.folder, 'helper.pid'), 'utf8').trim()])
      await client.closed
    },
  }
}

function connected(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(null))
  })
}

const rules = async () => (await lab.run('nft', ['list', 'ruleset'])).stdout
const guestsMayPass = async () => (await rules()).includes('guest0')

test('a trial holds at once, is confirmed, and holds after a power cut', async () => {
  const first = await start()
  assert.equal((await first.client.call('network.get', {})).byOwner, false)
  const { id } = await first.client.call('network.set', { settings: withGuests })
  assert.equal(await guestsMayPass(), true)
  await first.client.call('network.confirm', { id })
  await first.kill()
  rmSync(join(root, 'run/holt'), { recursive: true })
  await lab.must('nft', ['flush', 'ruleset'])
  const second = await start()
  const { settings, byOwner, trial } = await second.client.call('network.get', {})
  assert.deepEqual({ settings, byOwner, trial }, { settings: withGuests, byOwner: true, trial: null })
  assert.match(readFileSync(join(root, 'data/system/generated/nftables.conf'), 'utf8'), /guest0/, 'the next start has it without us')
  await second.kill()
})

test('killed in the middle of a trial, it comes back to it, and still goes back to what was confirmed', async () => {
  const first = await start()
  await first.client.call('network.set', { settings: defaultNetworkSettings })
  assert.equal(await guestsMayPass(), false)
  await first.kill()
  const second = await start()
  const { trial } = await second.client.call('network.get', {})
  assert.ok(trial !== null && trial.remainingMs > 0 && trial.remainingMs <= 60_000)
  await second.client.call('network.rollBack', {})
  assert.equal(await guestsMayPass(), true)
  await second.kill()
})

test('a power cut in the middle of a trial brings back what was confirmed', async () => {
  const first = await start()
  await first.client.call('network.set', { settings: defaultNetworkSettings })
  await first.kill()
  rmSync(join(root, 'run/holt'), { recursive: true })
  const second = await start()
  assert.deepEqual(await second.client.call('network.get', {}), { settings: withGuests, byOwner: true, trial: null })
  await second.kill()
})

test('what does not fit is refused, and nothing has changed', async () => {
  const before = await rules()
  const { client, kill } = await start()
  const settings = { ...withGuests, lan: { ...withGuests.lan, address: '192.168.077.1' } }
  await assert.rejects(client.call('network.set', { settings }), { code: 'INPUT_INVALID' })
  assert.equal(await rules(), before)
  await kill()
})

test('tells of links, drives and the clock what this machine has', async () => {
  const { client, kill } = await start()
  const { links, oneArmed } = await client.call('network.status', {})
  assert.equal(oneArmed, false)
  assert.ok(links.some(({ name, role }) => name === 'wan0' && role === 'outside'))
  const { disks } = await client.call('disks.list', {})
  for (const { device, role } of disks) assert.ok(device.startsWith('/dev/') && role.length > 0)
  await assert.rejects(client.call('accounts.verify', { password: 'whatever it is' }), { code: 'SIGN_IN_FAILED' })
  await kill()
})
