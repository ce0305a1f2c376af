import assert from 'node:assert/strict'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { defaultNetworkSettings as usual, type NetworkSettings } from '@holt/control/box/network-settings.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type BoxFolders, generatedLink, settingsFile, trialFile } from './box-folders.ts'
import { generateNetwork } from './generate.ts'
import { type BoxFacts, type GeneratedFile, usualBox } from './generated-file.ts'
import type { NetworkSystem } from './live-network.ts'
import { NetworkKeeper } from './network-keeper.ts'
import { SettingsStore } from './settings-store.ts'

class MemoryNetwork implements NetworkSystem {
  /** What holds now; null: what the image brings. */
  now: readonly GeneratedFile[] | null = null
  applied = 0
  refusesCheck = false
  failsToApply = 0
  async check(): Promise<void> {
    if (this.refusesCheck) throw new HoltError('SYSTEM_REFUSED', 'nft: no')
  }
  async apply(files: readonly GeneratedFile[] | null): Promise<void> {
    this.now = files
    this.applied++
    if (this.failsToApply-- > 0) throw new HoltError('SYSTEM_REFUSED', 'networkctl: no')
  }
}

/** A box: folders that stay, a running system, and helpers that come and go. */
async function makeBox(context: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'holt-keeper-'))
  const folders: BoxFolders = {
    kept: join(root, 'kept'),
    live: join(root, 'live'),
    networkd: join(root, 'networkd'),
    links: join(root, 'links'),
  }
  const box = { nowMs: 1000, system: new MemoryNetwork(), facts: usualBox as BoxFacts, logged: [] as string[] }
  const keepers: NetworkKeeper[] = []
  context.after(async () => {
    for (const keeper of keepers) keeper.close()
    await rm(root, { recursive: true })
  })
  const start = async (): Promise<NetworkKeeper> => {
    keepers.at(-1)?.close()
    const keeper = new NetworkKeeper({
      folders,
      store: new SettingsStore(folders),
      system: box.system,
      facts: async () => box.facts,
      log: (text) => box.logged.push(text),
      now: () => box.nowMs,
      trialMs: 60,
    })
    keepers.push(keeper)
    await keeper.open()
    return keeper
  }
  const powerCut = async (): Promise<void> => {
    await rm(folders.live, { recursive: true, force: true })
    box.system.now = (await exists(settingsFile(folders)))
      ? generateNetwork(JSON.parse(await readFile(settingsFile(folders), 'utf8')), box.facts)
      : null
  }
  return { box, folders, start, powerCut }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )
const other: NetworkSettings = { ...usual, lan: { ...usual.lan, address: '192.168.99.1', dhcp: null } }
const files = (settings: NetworkSettings) => generateNetwork(settings, usualBox)

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(holds())
}

test('what is confirmed in time holds, and is on the drive for the next start', async (context) => {
  const { box, folders, start } = await makeBox(context)
  const keeper = await start()
  assert.deepEqual(keeper.state(), { settings: usual, byOwner: false, trial: null })
  const trial = await keeper.set(other)
  assert.deepEqual(box.system.now, files(other))
  assert.equal(keeper.state().settings.lan.address, usual.lan.address, 'not before it is confirmed')
  assert.equal(await exists(settingsFile(folders)), false)
  await keeper.confirm(trial.id)
  assert.deepEqual(keeper.state(), { settings: other, byOwner: true, trial: null })
  for (const { path, text } of files(other)) assert.equal(await readFile(join(generatedLink(folders), path), 'utf8'), text)
  const again = await start()
  assert.deepEqual(again.state(), { settings: other, byOwner: true, trial: null })
})

test('what is not confirmed goes back by itself, to the defaults or to what was confirmed before', async (context) => {
  const { box, folders, start } = await makeBox(context)
  const keeper = await start()
  const first = await keeper.set(other)
  await until(() => keeper.state().trial === null)
  assert.equal(box.system.now, null)
  await assert.rejects(keeper.confirm(first.id), { code: 'CONFLICT' })
  await keeper.confirm((await keeper.set(other)).id)
  await keeper.set(usual)
  await until(() => keeper.state().trial === null)
  assert.deepEqual(box.system.now, files(other))
  assert.equal(await exists(trialFile(folders)), false)
})

test('a newer trial takes the place of one that runs; only its own id confirms it', async (context) => {
  const { box, start } = await makeBox(context)
  const keeper = await start()
  const first = await keeper.set(other)
  const second = await keeper.set({ ...other, ipv6: { enabled: false, ula: null } })
  await assert.rejects(keeper.confirm(first.id), { code: 'CONFLICT' })
  await keeper.confirm(second.id)
  assert.equal(keeper.state().settings.ipv6.enabled, false)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.deepEqual(box.system.now, files(keeper.state().settings), 'the first trial ends nothing any more')
})

test('a power cut during a trial brings back what was confirmed', async (context) => {
  const { box, start, powerCut } = await makeBox(context)
  const keeper = await start()
  await keeper.confirm((await keeper.set(other)).id)
  await keeper.set({ ...other, dns: { upstream: ['9.9.9.9'], refuseRebinding: true } })
  keeper.close()
  await powerCut()
  const again = await start()
  assert.deepEqual(box.system.now, files(other))
  assert.deepEqual(again.state(), { settings: other, byOwner: true, trial: null })
})

test('a helper that crashes during a trial ends it when it is back: at once when its time is over', async (context) => {
  const { box, start } = await makeBox(context)
  const keeper = await start()
  await keeper.set(other)
  box.nowMs += 61
  const again = await start()
  assert.equal(again.state().trial, null)
  assert.equal(box.system.now, null)
})

test('or goes on with the rest of its time, sure that the settings hold; it can still be confirmed', async (context) => {
  const { box, start } = await makeBox(context)
  const keeper = await start()
  const { id } = await keeper.set(other)
  box.system.now = null // how far the crashed one came is not known
  box.nowMs += 20
  const again = await start()
  assert.equal(again.state().trial?.remainingMs, 40)
  assert.deepEqual(box.system.now, files(other))
  await again.confirm(id)
  assert.equal(again.state().byOwner, true)
})

test('a trial that cannot be read, or that claims a time nobody gave it, is over', async (context) => {
  const { box, folders, start } = await makeBox(context)
  await mkdir(folders.live, { recursive: true })
  for (const text of [
    '',
    '{',
    '{}',
    JSON.stringify({ id: 'x', settings: other, endsMs: 1e15 }),
    JSON.stringify({ id: 'x', settings: { version: 1 }, endsMs: 1010 }),
  ]) {
    await writeFile(trialFile(folders), text)
    box.system.now = files(other)
    const keeper = await start()
    assert.equal(keeper.state().trial, null, text)
    assert.equal(box.system.now, null, text)
  }
})

test('settings that are wrong, or that a program refuses, change nothing', async (context) => {
  const { box, start } = await makeBox(context)
  const keeper = await start()
  await assert.rejects(keeper.set({ ...usual, lan: { ...usual.lan, address: '8.8.8.8' } }), {
    code: 'INPUT_INVALID',
    data: { field: 'lan.address' },
  })
  await assert.rejects(keeper.set({ ...usual, version: 2 }), { code: 'UNSUPPORTED_VERSION' })
  box.system.refusesCheck = true
  await assert.rejects(keeper.set(other), { code: 'SYSTEM_REFUSED' })
  assert.equal(box.system.applied, 0)
})

test('settings that fail on the way are taken back; a way back that fails is tried again', async (context) => {
  const { box, folders, start } = await makeBox(context)
  const keeper = await start()
  box.system.failsToApply = 1
  await assert.rejects(keeper.set(other), { code: 'SYSTEM_REFUSED' })
  assert.equal(box.system.now, null)
  assert.equal(keeper.state().trial, null)
  assert.equal(await exists(trialFile(folders)), false)
})

test('a document of a later version leaves the box running on its files, and is not written over unasked', async (context) => {
  const { box, folders, start } = await makeBox(context)
  await mkdir(join(folders.kept, 'network'), { recursive: true })
  await writeFile(settingsFile(folders), JSON.stringify({ ...usual, version: 2 }))
  const keeper = await start()
  assert.equal(box.system.applied, 0)
  assert.match(box.logged.join(), /version 2/)
  assert.equal(keeper.state().byOwner, false)
  assert.equal(JSON.parse(await readFile(settingsFile(folders), 'utf8')).version, 2)
})

test('files that another version made, or that were tampered with, are made again', async (context) => {
  const { box, folders, start } = await makeBox(context)
  const keeper = await start()
  await keeper.confirm((await keeper.set(other)).id)
  box.system.applied = 0
  await start()
  assert.equal(box.system.applied, 0, 'nothing to do')
  await writeFile(join(generatedLink(folders), 'nftables.conf'), '')
  await start()
  assert.equal(box.system.applied, 1)
  assert.match(await readFile(join(generatedLink(folders), 'nftables.conf'), 'utf8'), /policy drop/)
  box.facts = { ...usualBox, wifi: 'wlan0' }
  const names = await readdir(folders.kept)
  assert.equal(names.filter((name) => name.startsWith('generated-')).length, 1, 'old ones are removed')
})
