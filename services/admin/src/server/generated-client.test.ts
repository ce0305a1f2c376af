import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Agent } from 'node:https'
import { after, test } from 'node:test'
import { RESET_CONSENT } from '@holt/control/box/consent.ts'
import type { MemoryBox } from '../testing/memory-box.ts'
import { KEY_FILE, MemoryNode } from '../testing/memory-node.ts'
import { listedRoutes } from './access/access-table.ts'
import { answered, GeneratedClient, operationsOf } from '../testing/generated-client.ts'
import { photoWall, sampleIcons } from '../testing/sample-programs.ts'
import { PushService } from '../testing/push-service.ts'
import { SoftAuthenticator } from '../testing/soft-authenticator.ts'
import { PASSWORD, TestAdmin } from '../testing/test-admin.ts'

/** The API as a program of somebody else meets it: by a client that was made from its document. The last test says that all of it was met. */

const open: TestAdmin[] = []
after(async () => {
  for (const admin of open) await admin.close()
})

interface World {
  admin: TestAdmin
  node: MemoryNode
  box: MemoryBox
  url: string
  client: GeneratedClient
}

/** A new node on a real port, that nobody has. */
async function world(): Promise<World> {
  const node = new MemoryNode({ box: true, phone: true })
  const admin = await TestAdmin.start({ node, with: { https: { port: 0 }, push: { loopback: true } } })
  open.push(admin)
  await admin.admin.app.listen({ host: '127.0.0.1', port: 0 })
  await admin.admin.secure?.start()
  const { port } = admin.admin.app.server.address() as { port: number }
  const url = `http://localhost:${port}/`
  return { admin, node, box: node.box as MemoryBox, url, client: await GeneratedClient.at(`http://127.0.0.1:${port}/`) }
}

/** The same, set up and signed in. */
async function ready({ accountPassword = null }: { accountPassword?: string | null } = {}): Promise<World> {
  const made = await world()
  const { client, admin, box } = made
  box.accountPassword = accountPassword
  client.headers['x-holt-setup-code'] = admin.code
  await client.call('setFirstPassword', { body: { password: PASSWORD } })
  delete client.headers['x-holt-setup-code']
  const words = (await client.call<{ words: string }>('makeKey')).words.split(' ')
  const { positions } = await client.call<{ positions: number[] }>('askWords')
  await client.call('confirmWords', { body: { answers: positions.map((at) => words[at - 1]) } })
  await client.call('finishSetup')
  await client.call('confirm', { body: { password: PASSWORD } })
  return made
}

/** Another browser at the same node. */
const another = ({ url }: World): Promise<GeneratedClient> => GeneratedClient.at(url.replace('localhost', '127.0.0.1'))

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const octets = { 'content-type': 'application/octet-stream' }

async function jobEnds({ client }: World, { id }: { id: string }): Promise<{ state: string }> {
  for (let looks = 0; looks < 2000; looks++) {
    const job = await client.call<{ id: string; state: string }>('job', { params: { id } })
    if (job.state !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('the job does not end')
}

test('set-up: the code, the words again, the end; the key from before, from words and from its file', async () => {
  const { client, admin } = await world()
  assert.equal((await client.try('setupState')).status, 403)
  client.headers['x-holt-setup-code'] = admin.code
  await client.call('checkSetupCode')
  await client.call('setFirstPassword', { body: { password: PASSWORD } })
  delete client.headers['x-holt-setup-code']
  const { words } = await client.call<{ words: string }>('makeKey')
  assert.equal((await client.call<{ words: string }>('showWords')).words, words)
  assert.equal((await client.call<{ nodeState: string }>('setupState')).nodeState, 'ready')

  const second = await world()
  second.client.headers['x-holt-setup-code'] = second.admin.code
  await second.client.call('setFirstPassword', { body: { password: PASSWORD } })
  delete second.client.headers['x-holt-setup-code']
  await second.client.call('openKey', { body: { fileBase64: base64(KEY_FILE), passphrase: 'correct horse battery' } })
  await second.client.call('openKey', { body: { words } })
  await second.client.call('findDrives', { body: { folders: ['/mnt'] } })
  const job = await second.client.call<{ id: string }>('recover', { body: { drives: ['/mnt/a'] } })
  assert.equal((await jobEnds(second, job)).state, 'done')

  const third = await world()
  third.client.headers['x-holt-setup-code'] = third.admin.code
  await third.client.call('setFirstPassword', { body: { password: PASSWORD } })
  delete third.client.headers['x-holt-setup-code']
  await third.client.call('joinOwner', { body: { code: 'K7M2-9XPQ', name: 'Cellar' } })
})

test('who is there: sessions, the password, people and their invitations, what they did', async () => {
  const made = await ready()
  const { client } = made
  await client.call('changePassword', { body: { password: PASSWORD, newPassword: 'a longer wood with otters' } })
  await client.call('confirm', { body: { password: 'a longer wood with otters' } })
  const [third, other] = [await another(made), await another(made)]
  await other.call('signIn', { body: { password: 'a longer wood with otters' } })
  await third.call('signIn', { body: { password: 'a longer wood with otters' } })
  const { sessions } = await client.call<{ sessions: { id: string; current: boolean }[] }>('sessions')
  const theirs = sessions.filter(({ current }) => !current)
  assert.equal(theirs.length, 2)
  await client.call('endSession', { params: { id: theirs[0]?.id as string } })
  await client.call('endOtherSessions')
  assert.equal((await other.call<{ state: string }>('session')).state, 'signed-out')

  const wish = { role: 'member', given: [], hours: 24 }
  const { code } = await client.call<{ code: string }>('invite', { body: { ...wish, name: 'Anna' } })
  assert.equal((await other.call<{ name: string }>('lookAtInvitation', { body: { code } })).name, 'Anna')
  await other.call('acceptInvitation', { body: { code, password: 'the other wood with hares' } })
  await other.call('signOut')
  const unused = await client.call<{ id: string }>('invite', { body: { ...wish, name: 'Ben' } })
  await client.call('withdrawInvitation', { params: { id: unused.id } })
  const { people } = await client.call<{ people: { id: string; name: string }[] }>('people')
  const anna = people.find(({ name }) => name === 'Anna')?.id as string
  await client.call('changePerson', { params: { id: anna }, body: { name: 'Anne' } })
  await client.call('endSessionsOf', { params: { id: anna } })
  await client.call('removePerson', { params: { id: anna } })
  await client.call('activity', { params: { limit: 10, refused: false } })
  await client.call('selfCheck')
  await client.call('backUpKey', { body: { passphrase: 'correct horse battery', password: 'a longer wood with otters' } })
})

test('passkeys, tokens and app passwords', async () => {
  const made = await ready()
  const { url } = made
  const origin = url.replace(/\/$/, '')
  const client = await GeneratedClient.at(url)
  client.headers['origin'] = origin
  await client.call('signIn', { body: { password: PASSWORD } })
  await client.call('confirm', { body: { password: PASSWORD } })
  const device = new SoftAuthenticator()
  const options = await client.call<{ challenge: string; page: string }>('newPasskeyOptions')
  await client.call('addPasskey', { body: { name: 'phone', ...device.make({ ...options, origin }) } })
  const signed = async (purpose: string) => {
    const asked = await client.call<{ challenge: string; page: string }>('passkeyOptions', { body: { purpose } })
    return device.use({ ...asked, origin })
  }
  await client.call('confirmByPasskey', { body: await signed('confirm') })
  await client.call('signInByPasskey', { body: await signed('sign-in') })
  await client.call('confirm', { body: { password: PASSWORD } })
  const { passkeys } = await client.call<{ passkeys: { id: string }[] }>('passkeys')
  await client.call('removePasskey', { params: { id: passkeys[0]?.id as string } })

  const wish = { name: 'script', write: false, calls: ['files'], paths: null, hours: 24 }
  const { token, info } = await client.call<{ token: string; info: { id: string } }>('makeToken', { body: wish })
  const program = await another(made)
  program.headers['authorization'] = `Bearer ${token}`
  await program.call('list', { params: { path: '/' } })
  assert.equal((await program.try('remove', { body: { paths: ['/a'] } })).status, 403)
  await client.call('tokens')
  await client.call('revokeToken', { params: { id: info.id } })
  assert.equal((await program.try('list', { params: { path: '/' } })).status, 401)

  const forPhone = await client.call<{ info: { id: string } }>('makeAppPassword', { body: { name: 'phone', path: '/', write: true } })
  const { url: davUrl, passwords } = await client.call<{ url: string; passwords: unknown[] }>('appPasswords')
  assert.match(davUrl, /^https:\/\/localhost:\d+\/dav\/$/)
  assert.deepEqual(passwords, [forPhone.info])
  await client.call('revokeAppPassword', { params: { id: forPhone.info.id } })
})

test('files: written, read, found, moved, versions, the trash, a ZIP', async () => {
  const { client } = await ready()
  await client.call('makeDirectory', { body: { path: '/Letters', parents: true } })
  const params = { path: '/Letters/to Anna.txt' }
  await client.call('upload', { params, body: Buffer.from('Dear Anna'), headers: { ...octets, 'x-holt-modified': '1700000000' } })
  assert.equal((await client.call<Buffer>('download', { params })).toString(), 'Dear Anna')
  await client.call('downloadHead', { params })
  await client.call('upload', { params: { ...params, replace: true }, body: Buffer.from('Dearest Anna'), headers: octets })
  assert.equal((await client.call<{ sizeBytes: number }>('stat', { params })).sizeBytes, 12)
  const { versions } = await client.call<{ versions: { sequence: number }[] }>('versions', { params })
  await client.call('restore', { body: { path: params.path, at: String(versions.at(-1)?.sequence) } })
  assert.equal((await client.call<{ found: unknown[] }>('search', { params: { path: '/', text: 'anna' } })).found.length, 1)
  const { id } = await client.call<{ id: string }>('prepareZip', { body: { paths: ['/Letters'] } })
  assert.equal((await client.call<Buffer>('downloadZip', { params: { id } })).subarray(0, 2).toString(), 'PK')
  await client.call('move', { body: { from: params.path, to: '/Letters/Anna.txt' } })
  const { items } = await client.call<{ items: { id: string }[] }>('putInTrash', { body: { paths: ['/Letters/Anna.txt'] } })
  await client.call('listTrash', { params: { limit: 10 } })
  await client.call('restoreFromTrash', { body: { ids: items.map((item) => item.id) } })
  await client.call('putInTrash', { body: { paths: ['/Letters/Anna.txt'] } })
  await client.call('emptyTrash', { body: {} })
  await client.call('remove', { body: { paths: ['/Letters'], recursive: true } })
  assert.equal((await client.call<{ entries: unknown[] }>('list', { params: { path: '/', limit: 5 } })).entries.length, 0)
})

test('small pictures are kept for what a file holds, and forgotten', async () => {
  const { client, node } = await ready()
  const content = String(node.tree.write('/a.jpg', Buffer.from('a picture')).content)
  const look = () => client.call<Buffer | null>('thumbnail', { params: { path: '/a.jpg', content } })
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4])
  await client.call('keepThumbnail', { body: { path: '/a.jpg', content, base64: jpeg.toString('base64') } })
  assert.deepEqual(await look(), jpeg)
  await client.call('clearThumbnails')
  assert.equal(await look(), null)
})

test('uploads in parts, share links, the tree and its packs, live events', async () => {
  const { client, node } = await ready()
  await client.call('describeUploads')
  const begin = async (path: string) => {
    const headers = { 'upload-length': '9', 'upload-metadata': `path ${base64(path)}`, 'tus-resumable': '1.0.0' }
    const answer = await client.try('createUpload', { headers })
    assert.equal(answer.status, 201)
    answered.add('createUpload')
    return { id: String(answer.headers['location']).split('/').at(-1) as string }
  }
  const params = await begin('/a.txt')
  const part = (bytes: string, offset: number) => ({
    params,
    body: Buffer.from(bytes),
    headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', 'tus-resumable': '1.0.0' },
  })
  await client.call('continueUpload', part('Dear ', 0))
  await client.call('findUpload', { params })
  await client.call('listUploads')
  await client.call('retargetUpload', { params, body: { path: '/b.txt', replace: false } })
  await client.call('continueUpload', part('Anna', 5))
  await client.call('discardUpload', { params: await begin('/c.txt') })
  assert.equal((await client.call<Buffer>('download', { params: { path: '/b.txt' } })).toString(), 'Dear Anna')

  const share = await client.call<{ id: string }>('createShare', { body: { path: '/b.txt', expires: null } })
  await client.call('shares')
  const cid = `b${'a'.repeat(58)}`
  node.shared.blocks.set(cid, createHash('sha256').update('x').digest())
  await client.call('sharedDocument', { params: { id: share.id } })
  await client.call('sharedBlock', { params: { id: share.id, cid } })
  await client.call('revokeShare', { params: { id: share.id } })

  await client.call('peers')
  await client.call('setPeers', { body: { on: true } })
  await client.call('showPairingCode', { body: { relation: 'friend', name: 'Here' } })
  await client.call('pairingCode')
  await client.call('hidePairingCode')
  const peer = await client.call<{ relation: { id: string } }>('pair', { body: { code: 'k7m2-9xpq', relation: 'friend', name: 'Here' } })
  await client.call('setFriendShare', { params: { id: peer.relation.id }, body: { give: true, mostBytes: null } })
  await client.call('peersOutlook')
  await client.call('setPeersWish', { params: { name: 'standard' }, body: { nines: 9 } })
  await client.call('setPeersRepair', { body: { goneAfterSeconds: 604_800 } })
  await client.call('setPeerPlace', { body: { of: null, place: 'Home' } })
  await client.call('endRelation', { params: { id: peer.relation.id } })

  const { relation } = await client.call<{ relation: { owner: string } }>('pair', {
    body: { code: 'k7m2-9xpq', relation: 'friend', name: 'Here' },
  })
  const folder = await client.call<{ id: string }>('shareFolder', { body: { path: '/photos', friend: relation.owner } })
  const of = { params: { id: folder.id } }
  await client.call('sharedFolders')
  const { grants } = await client.call<{ grants: { id: string }[] }>('letWrite', { ...of, body: { friend: relation.owner, path: '/' } })
  await client.call('revokeGrant', { params: { ...of.params, grant: grants[0]?.id as string } })
  for (const [path, operation] of [
    ['/a', 'approveRequest'],
    ['/b', 'refuseRequest'],
  ] as const) {
    const request = node.folders.request(path, 'please').requests.at(-1)?.id as string
    await client.call(operation, {
      params: { ...of.params, request },
      ...(path === '/a' ? { body: { path, expires: null, depth: 1 } } : {}),
    })
  }
  await client.call('takeOverFolder', of)
  await client.call('unshareFolder', { ...of, body: {} })
  for (const operation of ['acceptFolder', 'declineFolder', 'leaveFolder'])
    await client.call(operation, { params: { id: node.folders.offer('photos').id } })
  await client.call('askToWrite', { params: { id: node.folders.offer('photos').id }, body: { path: '/', note: 'please' } })
  const { id: handed } = node.folders.offer('photos', { state: 'here', handOn: 1 })
  await client.call('handOnRight', { params: { id: handed }, body: { friend: relation.owner, path: '/' } })
  await client.call('cluster')
  await client.call('setNodeName', { body: { name: 'Box' } })
  await client.call('inviteNode')
  const laptop = node.cluster.join('Laptop')
  await client.call('nodeInvitation')
  await client.call('endNodeInvitation')
  await client.call('setVoters', { body: { nodes: [laptop] } })
  const lease = await client.call<{ token: object }>('takeLease', { body: { path: '/b.txt', seconds: 5 } })
  await client.call('releaseLease', { body: { path: '/b.txt', token: lease.token } })

  await client.call('followPath', { params: { path: '/b.txt' } })
  const { packs } = await client.call<{ packs: { id: string }[] }>('packs', { params: { limit: 3 } })
  await client.call('pack', { params: { id: packs[0]?.id as string } })
  await client.call('packPaths', { params: { id: packs[0]?.id as string } })
  assert.match((await client.call<Buffer>('events', { firstBytesOnly: true })).toString(), /^(?:id|event|data|retry|:)/m)
})

test('programs: a package brought and installed, what each may and does, limits, the audit', async () => {
  const { client, node } = await ready()
  node.programs.next = { package: photoWall, warnings: [{ kind: 'imitates', title: 'Photowall', author: photoWall.author }] }
  node.programs.icons = new Map(Object.entries(sampleIcons))
  const headers = { 'content-type': 'application/octet-stream' }
  const { stage, warnings } = await client.call<{ stage: string; warnings: unknown[] }>('bringPackage', {
    body: Buffer.alloc(2_500_000, 7),
    headers,
  })
  assert.equal(warnings.length, 1)
  const parts = node.calls.filter(({ name }) => name === 'programs.stage').map(({ params }) => (params as { base64: string }).base64)
  assert.deepEqual(Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))), Buffer.alloc(2_500_000, 7))
  assert.equal((await client.call<Buffer>('packageIcon', { params: { stage } })).toString(), sampleIcons[photoWall.id])
  const grants = [
    { kind: 'page', name: 'wall', network: true },
    { kind: 'folder', name: 'pictures', path: '/Photos', write: true },
    { kind: 'hosts', name: 'weather', hosts: ['api.weather.example'] },
    { kind: 'clock', name: 'time' },
  ]
  const installed = await client.call<{ id: string; grants: unknown }>('installProgram', { body: { stage, grants } })
  assert.deepEqual(installed.grants, grants)
  const of = { params: { id: installed.id } }
  assert.equal((await client.call<{ programs: unknown[] }>('programs')).programs.length, 1)
  await client.call('programIcon', of)
  const { headers: sent } = await client.try('programIcon', of)
  assert.match(String(sent['content-security-policy']), /default-src 'none'.*sandbox/)
  await client.call('stopProgram', of)
  await client.call('startProgram', of)
  await client.call('grantPower', { ...of, body: { grant: { kind: 'folder', name: 'pictures', path: '/Photos/2026', write: false } } })
  await client.call('revokePower', { params: { id: installed.id, power: 'weather' } })
  await client.call('limitProgram', { ...of, body: { limits: { memory: 128 << 20 } } })
  node.programs.write(installed.id, 'info', 'hello')
  assert.equal((await client.call<{ lines: unknown[] }>('programLogs', of)).lines.length, 1)
  const { uses, more } = await client.call<{ uses: { what: string }[]; more: boolean }>('programAudit', { params: { limit: 2 } })
  assert.deepEqual([uses.map(({ what }) => what), more], [['limit', 'revoke'], true], 'newest first')
  await client.call('removeProgram', of)
  assert.equal((await client.try('bringPackage', { body: Buffer.alloc(0), headers })).status, 400)
})

test('drives, classes and long work; the machine; the way to HTTPS', async () => {
  const made = await ready()
  const { client } = made
  await client.call('status')
  await client.call('addDrive', { body: { folder: '/mnt/oak' } })
  await client.call('drives')
  await client.call('setClass', { params: { name: 'standard' }, body: { dataFragments: 1, totalFragments: 2 } })
  await client.call('classes')
  const job = await client.call<{ id: string }>('startJob', { body: { kind: 'verify' } })
  assert.match((await client.call<Buffer>('watchJob', { params: { id: job.id }, firstBytesOnly: true })).toString(), /data:/)
  await client.call('jobs')
  await client.call('cancelJob', { params: { id: job.id } })
  await jobEnds(made, job)
  await client.call('machineCounters')
  await client.call('machineHistory', { params: { span: 'day' } })
  await client.call('machineFacts')
  await client.call('log')
  await client.call('diagnostics')
  await client.call('authority')
  const der = await client.call<Buffer>('authorityFile')
  const ca = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
  const port = made.admin.admin.secure?.port
  const secure = await GeneratedClient.at(`https://127.0.0.1:${port}/`, { agent: new Agent({ ca }), documentUrl: made.url })
  await secure.call('trustAuthority')
})

test('a box: network, updates, drives, access, power', async () => {
  const made = await ready()
  const { client, box } = made
  const { state } = await client.call<{ state: { settings: object } }>('network')
  const tried = await client.call<{ id: string }>('tryNetwork', { body: { settings: state.settings } })
  await client.call('confirmNetwork', { body: { id: tried.id } })
  await client.call('tryNetwork', { body: { settings: state.settings } })
  await client.call('rollBackNetwork')
  await client.call('addPhone', { body: { name: 'Phone', everything: true } })
  await client.call('removePhone', { params: { name: 'Phone' } })

  const path = '/data/system/updates/tree/a.raucb'
  box.machine.inTree = [{ path, version: '0.2.0', changes: 'More otters.', built: '2026-11-20' }]
  await jobEnds(made, await client.call('lookForUpdates'))
  const { plan } = await client.call<{ plan: { plan: object } }>('updates')
  await client.call('setUpdatePlan', { body: { plan: plan.plan } })
  await jobEnds(made, await client.call('installUpdate', { body: { path } }))
  await client.call('giveBundle', { body: Buffer.alloc(5000, 7), headers: octets })
  await client.call('dropBundle')

  const { disks } = await client.call<{ disks: { device: string; consent: string }[] }>('disks')
  const usb = disks[1] as { device: string; consent: string }
  await client.call('diskHealth', { params: { device: usb.device } })
  await jobEnds(made, await client.call('prepareDisk', { body: { device: usb.device, consent: usb.consent } }))

  await client.call('access')
  await client.call('setSsh', { body: { enabled: true, keys: [`ssh-ed25519 ${'A'.repeat(68)} me@laptop`], password: PASSWORD } })
  box.machine.time = { ...box.machine.time, synchronized: false, server: null }
  await client.call('setTime', { body: { now: 1_800_000_000 } })
  await client.call('makeRecoveryKey', { body: { password: PASSWORD } })
  await client.call('restartBox')
  await client.call('shutDownBox')
  await client.call('resetBox', { body: { consent: RESET_CONSENT, password: PASSWORD } })

  const other = await ready({ accountPassword: 'from an earlier set-up' })
  await other.client.call('joinAccount', { body: { password: PASSWORD, accountPassword: 'from an earlier set-up' } })
})

test('space: how it fills up, how safe folders are kept, how long versions stay, the last check', async () => {
  const made = await ready()
  const { client, node } = made
  node.tree.makeDirectory('/photos')
  for (const span of ['month', 'years']) await client.call('spaceHistory', { params: { span } })
  const { choices } = await client.call<{ choices: { name: string }[] }>('classChoices')
  assert.equal(choices.length, 3)
  await client.call('setFolderClass', { body: { path: '/photos', redundancyClass: 'precious' } })
  assert.equal((await client.call<{ folders: unknown[] }>('folderClasses')).folders.length, 1)
  assert.equal((await client.call<{ ownClass: string }>('folderFacts', { params: { path: '/photos' } })).ownClass, 'precious')
  const rules = await client.call<object>('retention')
  await client.call('previewRetention', { body: { ...rules, dailyDays: 30 } })
  await client.call('setRetention', { body: { ...rules, dailyDays: 30 } })
  await jobEnds(made, await client.call<{ id: string }>('startJob', { body: { kind: 'verify' } }))
  assert.equal((await client.call<{ checks: unknown[] }>('storageChecks')).checks.length, 1)
})

test('the pictures of a phone', async () => {
  const { client } = await ready()
  assert.equal((await client.call<{ state: string }>('photos')).state, 'off')
  assert.equal((await client.call<{ state: string }>('setPhotos', { body: { on: true, network: 'wifi' } })).state, 'running')
  await client.call('askForPhotos', { body: {} })
  assert.equal((await client.call<{ network: string }>('power')).network, 'unmetered')
  assert.equal((await client.call<{ network: string }>('setPower', { body: { network: 'wifi' } })).network, 'wifi')
})

test('notices, and the devices that hear of them', async () => {
  const made = await ready()
  const { client } = made
  const service = new PushService()
  await service.start()
  try {
    await (await another(made)).call('signIn', { body: { password: PASSWORD } })
    const { notices } = await client.call<{ notices: { n: number }[] }>('notices')
    await client.call('readNotices', { body: { which: notices.map(({ n }) => n) } })
    const { kinds } = await client.call<{ kinds: string[] }>('push')
    const { id } = await client.call<{ id: string }>('subscribePush', { body: { ...service.newBrowser('phone'), language: 'en', kinds } })
    await client.call('testPush', { params: { id } })
    assert.equal((await service.count(1)).length, 1)
    await client.call('unsubscribePush', { params: { id } })
  } finally {
    await service.close()
  }
})

test('every operation of the document was called and answered, and every route is in the document', async () => {
  const { client } = await world()
  const names = operationsOf(client.document).map(({ operationId }) => operationId)
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) < at),
    [],
    'no two have the same name',
  )
  assert.deepEqual(
    names.filter((name) => !answered.has(name)),
    [],
  )
  const paths = new Set(
    Object.entries(client.document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)),
  )
  for (const route of listedRoutes.filter((one) => one !== 'GET /api')) {
    const [method = '', url = ''] = route.split(' ')
    assert.ok(paths.has(`${method.toLowerCase()} ${url.replace(/:(\w+)/g, '{$1}')}`), `${route} is not in the document`)
  }
})
