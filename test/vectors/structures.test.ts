import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { fromHex, toHex, utf8 } from '@holt/core/bytes.ts'
import { cidToText } from '@holt/core/cid.ts'
import { decode, encode } from '@holt/core/codec.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { decodeArchive, encodeArchive } from '@holt/core/package/archive.ts'
import { programId, verifyPackage } from '@holt/core/package/signature.ts'
import { principalFromText } from '@holt/core/principal.ts'
import { openRootKeyFile, rootKeyFromWords } from '@holt/core/root-key.ts'
import { openSecret } from '@holt/core/sealed-file.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { decodeProperties } from '@holt/admin/server/webdav/dead-properties.ts'
import { decodeAlarm } from '@holt/kernel/alarm.ts'
import { decodeMessageLine, decodeOutgoing } from '@holt/kernel/outbox.ts'
import { type Message, messagesProtocol } from '@holt/network/messages/messages-protocol.ts'
import { verifyForProgram } from '@holt/core/program-signature.ts'
import { decodeHere } from '@holt/node/programs/here-book.ts'
import { openFrames } from '@holt/node/programs/journal/journal-frame.ts'
import { decodeInstalled } from '@holt/node/programs/installed-record.ts'
import { trashRecordOf, withoutTrashRecord } from '@holt/node/hidden/trash-record.ts'
import { uploadRecordOf } from '@holt/node/hidden/upload-record.ts'
import { decodeAgreement, decodeRelease, fragmentNameOf, verifyAgreement, verifyRelease } from '@holt/network/fragments/agreement.ts'
import { decodeTerms } from '@holt/network/fragments/friend-terms.ts'
import { decodeWishes } from '@holt/network/fragments/friend-wishes.ts'
import { decodeScores } from '@holt/network/scores/score-record.ts'
import { decodeGiven } from '@holt/network/fragments/given-book.ts'
import { decodeHeld } from '@holt/network/fragments/held-record.ts'
import { decodeNewestContent, encodeNewestContent } from '@holt/network/newest/newest-content.ts'
import { decodeNewest, verifyNewest } from '@holt/network/newest/newest-record.ts'
import { decodeReplaced } from '@holt/network/newest/replaced-nodes.ts'
import { decodeLine, verifyLine } from '@holt/network/cluster/line.ts'
import { decodeLines } from '@holt/network/cluster/line-book.ts'
import { decodeFirstPlace } from '@holt/node/peers/first-meeting.ts'
import { decodeLateFriends } from '@holt/node/peers/late-friends.ts'
import { decodeMerged } from '@holt/network/cluster/merged-book.ts'
import { decodeNames } from '@holt/network/cluster/node-names.ts'
import { decodeElection, decodeVoters, verifyVoters } from '@holt/network/cluster/voters.ts'
import { decodeFolder, encodeFolder } from '@holt/network/sharing/folder-record.ts'
import { checkDirectoryRecord } from '@holt/network/endpoints/directory-record.ts'
import { decodeEndpoints, verifyEndpoints } from '@holt/network/endpoints/endpoint-record.ts'
import { decodeJoiningGuest, decodeJoiningHost } from '@holt/network/pairing/joining-protocol.ts'
import { decodeGuestWord, decodeHostWord, relationOf } from '@holt/network/pairing/pairing-protocol.ts'
import { decodeRelation, verifyRelation } from '@holt/network/relations/relation.ts'
import { decodeKeptRelation } from '@holt/network/relations/relation-book.ts'
import { decodeNodeKey } from '@holt/network/node-key.ts'
import { decodeFrame, encodeFrame } from '@holt/network/rpc/frame.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { parseMarker } from '@holt/store/fragments/drive-marker.ts'
import { parseFragmentTail, verifySpread } from '@holt/store/fragments/fragment-file.ts'
import { ownerRecordOf } from '@holt/node/mount/owner-record.ts'
import { decodePhotoRecord, type PhotoRecordName } from '@holt/node/photos/photo-records.ts'
import { decodePhotoSettings } from '@holt/node/photos/photo-settings.ts'
import { decodePowerSettings } from '@holt/node/power/power-settings.ts'
import { openShareRecord } from '@holt/node/shares/share-record.ts'
import { acceptHead } from '@holt/tree/caps/accept-head.ts'
import { headCid, parseHead } from '@holt/tree/caps/head.ts'
import { openSharedVersion, type SharedVersion } from '@holt/tree/shared/shared-version.ts'
import { decodeReadcap, encodeReadcap, verifyReadcap } from '@holt/tree/caps/readcap.ts'
import { openReadcap } from '@holt/tree/caps/sealed-readcap.ts'
import { openShare, shareKeys } from '@holt/tree/caps/share-link.ts'
import { decodeWritecap } from '@holt/tree/caps/writecap.ts'
import type { TreeEntry } from '@holt/tree/types.ts'
import { makeStructures } from './structures.ts'

// What was stored once must stay readable, and what is written today must be the same bytes.

const folder = fileURLToPath(new URL('./structures-v1/', import.meta.url))
const stored = Object.fromEntries(readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(folder + name, 'utf8'))]))
const {
  'keys.json': keys,
  'caps.json': caps,
  'drives.json': drives,
  'hpke.json': hpke,
  'cbor.json': cbor,
  'hidden.json': hidden,
  'shares.json': shares,
  'journal.json': journal,
  'network.json': network,
  'cluster.json': cluster,
  'folders.json': folders,
  'package.json': programPackage,
  'photos.json': photos,
  'mount.json': mount,
  'webdav.json': webdav,
} = stored
const hex = (digits: string) => fromHex(digits) as Uint8Array
const javascriptCrypto = createWebCrypto(() => ({ getRandomValues: (array) => globalThis.crypto.getRandomValues(array) }))
const now = { nowSeconds: 1_700_000_010 }

test('what is written today is what was stored', async () => {
  assert.deepEqual(JSON.parse(JSON.stringify(await makeStructures())), stored)
})

test('CBOR: one encoding each, and nothing else is taken', () => {
  for (const [name, digits] of Object.entries<string>(cbor.encoded)) assert.equal(toHex(encode(decode(hex(digits)))), digits, name)
  for (const [name, digits] of Object.entries<string>(cbor.malformed)) {
    assert.throws(
      () => decode(hex(digits)),
      (error) => isHoltError(error, 'MALFORMED'),
      name,
    )
  }
})

test('who owns an entry is read', () => {
  assert.deepEqual(ownerRecordOf({ t: 'l', m: 0o777, mt: [0, 0], to: 'x', x: { owner: hex(mount.owner) } }), { uid: 1000, gid: 100 })
})

test('properties of WebDAV programs are read', () => {
  const [author, shown] = decodeProperties(hex(webdav.properties))
  assert.deepEqual([author?.namespace, author?.name, author?.attributes[0]?.value, shown?.name], ['urn:x', 'author', 'de', 'displayname'])
  assert.deepEqual(author?.children[1], 'and others')
  assert.deepEqual(author?.children[0], { namespace: '', name: 'name', attributes: [], children: ['Änne & Ben 🌲'] })
})

test('the key of a node and frames between nodes are read', () => {
  assert.deepEqual([...decodeNodeKey(hex(network.nodeKey))].slice(0, 2), [0x60, 0x61])
  for (const [kind, digits] of Object.entries<string>(network.frames)) {
    const frame = decodeFrame(hex(digits).subarray(4))
    assert.equal(frame.kind, kind)
    assert.equal(toHex(encodeFrame(frame, 4096)), digits)
  }
})

test('a package of a program that was handed over is read, holds as it is signed, and is the same without the signature', () => {
  const read = decodeArchive(hex(programPackage.archive))
  assert.ok(read.signature !== null)
  const first = verifyPackage(javascriptCrypto, read.signature, { package: read.cid, manifest: read.manifest })
  assert.deepEqual(first, principalFromText(programPackage.authors.anna))
  assert.deepEqual(read.manifest.author, principalFromText(programPackage.authors.ben))
  assert.deepEqual([cidToText(read.cid), toHex(programId(first, read.manifest.name))], [programPackage.cid, programPackage.programId])
  const files = new Map(read.manifest.files.map(({ path }) => [path, read.file(path)]))
  assert.equal(new TextDecoder().decode(files.get('pages/index.html')), '<p>wald 🌲</p>')
  assert.equal(toHex(encodeArchive(read.manifest, { files, signature: read.signature })), programPackage.archive)
  const unsigned = decodeArchive(hex(programPackage.unsigned))
  assert.deepEqual([unsigned.signature, unsigned.cid], [null, read.cid])
  const installed = decodeInstalled(hex(programPackage.installed))
  assert.deepEqual([installed.package, installed.grants.length], [read.cid, read.manifest.powers.length])
  assert.deepEqual(decodeAlarm(hex(programPackage.alarm)), { at: 1_800_000_000_000, every: 3_600_000, data: utf8('"tea"') })
  assert.equal(decodeAlarm(hex(programPackage.alarmOnce)).every, null)
  const [program, signature] = [hex(programPackage.programId), hex(programPackage.programSignature)]
  const key = principalFromText(programPackage.programKey)
  assert.ok(verifyForProgram(javascriptCrypto, { program, message: utf8('wald'), signature }, key))
  assert.ok(!verifyForProgram(javascriptCrypto, { program, message: utf8('wold'), signature }, key))
  const out = decodeOutgoing(hex(programPackage.messageOut))
  assert.deepEqual([out.number, out.sent, out.body], [3, 1_800_000_000_123, utf8('"wald"')])
  assert.deepEqual(decodeMessageLine(hex(programPackage.messageLine)), { line: out.line, number: 3 })
  const sent = messagesProtocol.methods.deliver.request.check(decode(hex(programPackage.messageRequest)), '') as Message
  assert.deepEqual([sent.line, sent.number, sent.sent, sent.body], [out.line, out.number, out.sent, out.body])
  assert.deepEqual([...decodeHere(hex(programPackage.here))], [[programPackage.programId, 7710]])
})

test('what a phone remembers of its pictures is read, each record as what it is and nothing else', () => {
  const photo = decodePhotoRecord('photo', hex(photos.photo))
  assert.deepEqual([photo.path, photo.size, photo.root?.length], ['/Photos/Pixel 8/2026/11/Wald 🌲.jpg', 2_345_678, 36])
  assert.equal(decodePhotoRecord('photo', hex(photos.photoOfNothing)).root, null)
  assert.deepEqual(decodePhotoRecord('seen', hex(photos.seen)).change, 17)
  assert.deepEqual(decodePhotoRecord('later', hex(photos.later)).name, 'film.mp4')
  const cursor = { database: 'external:1#abc', all: 1, videos: 0, change: 18, id: 1042, done: 900, v: 1, kind: 'photo-cursor' }
  assert.deepEqual(decodePhotoRecord('cursor', hex(photos.cursor)), cursor)
  assert.equal(decodePhotoRecord('partial', hex(photos.partial)).id, 1043)
  const names: PhotoRecordName[] = ['photo', 'seen', 'later', 'cursor', 'partial']
  for (const one of names)
    for (const other of names)
      if (one !== other) assert.throws(() => decodePhotoRecord(one, hex(photos[other])), { code: 'MALFORMED' }, `${other} as ${one}`)
  const settings = decodePhotoSettings(hex(photos.settings))
  assert.deepEqual([settings.on, settings.charging, settings.network, settings.folder], [true, true, 'unmetered', '/Photos/Pixel 8'])
  assert.equal(decodePhotoSettings(hex(photos.newSettings)).folder, null)
  assert.throws(() => decodePhotoSettings(hex(photos.seen)), { code: 'MALFORMED' })
  assert.deepEqual(decodePowerSettings(hex(photos.power)), { network: 'wifi', charging: true, always: false })
})

test('relations and records of addresses are read, hold as they are signed, and only so', () => {
  const relation = decodeRelation(hex(network.relation))
  verifyRelation(nodejsCrypto, relation)
  assert.deepEqual([relation.host.name, relation.guest.name, relation.made], ['Anna', 'Bén 🌲', 1_700_000_000])
  assert.equal(decodeKeptRelation(hex(network.endedRelation)).ended, 1_700_000_100)
  const record = decodeEndpoints(hex(network.endpoints))
  verifyEndpoints(nodejsCrypto, record)
  assert.deepEqual([record.seq, record.addresses.length], [5, 2])
  assert.throws(() => verifyEndpoints(nodejsCrypto, { ...record, seq: 6 }), { code: 'SIGNATURE_INVALID' })
  const inDirectory = (key: string) => checkDirectoryRecord(nodejsCrypto, hex(key), hex(network.endpoints), { now: 1_699_999_000 })
  inDirectory(network.directoryKey)
  assert.throws(() => inDirectory(`${network.directoryKey.slice(0, -2)}00`), { code: 'MALFORMED' })
  const word = decodeHostWord(hex(network.pairing.host))
  assert.equal(
    toHex(
      relationOf(
        decodeGuestWord(hex(network.pairing.guest)),
        word,
        Uint8Array.from({ length: 32 }, (_, i) => i + 1),
      ).id,
    ),
    network.pairing.relationId,
  )
  for (const [digits, decoder] of [
    [network.relation, decodeRelation],
    [network.endpoints, decodeEndpoints],
  ] as const) {
    const map = decode(hex(digits)) as object
    assert.throws(() => decoder(encode({ ...map, v: 2 })), { code: 'UNSUPPORTED_VERSION' })
    assert.throws(() => decoder(encode({ ...map, more: 1 })), { code: 'MALFORMED' })
  }
})

test('agreements about fragments and what is written down of them are read, hold as they are signed, and only so', () => {
  const agreement = decodeAgreement(hex(network.agreement))
  verifyAgreement(nodejsCrypto, agreement)
  assert.throws(() => verifyAgreement(nodejsCrypto, { ...agreement, until: agreement.until + 1 }), { code: 'SIGNATURE_INVALID' })
  const release = decodeRelease(hex(network.release))
  verifyRelease(nodejsCrypto, release)
  assert.throws(() => verifyRelease(nodejsCrypto, { ...release, made: release.made + 1 }), { code: 'SIGNATURE_INVALID' })
  assert.equal(toHex(release.fragment), toHex(agreement.fragment))
  const held = decodeHeld(hex(network.held))
  assert.deepEqual([held.agreement, held.complete, held.release], [agreement, true, null])
  assert.equal(toHex(fragmentNameOf(held.tail)), toHex(agreement.fragment))
  assert.deepEqual(decodeHeld(hex(network.heldReleased)).release, release)
  const given = decodeGiven(hex(network.given))
  assert.deepEqual([given.agreement, given.index, given.spread.sizeBytes, given.placed], [agreement, 0, 64, true])
  assert.deepEqual(
    decodeTerms(hex(network.friendTerms)).map(({ give, mostBytes }) => [give, mostBytes]),
    [
      [true, null],
      [false, 1 << 30],
    ],
  )
  const wishes = decodeWishes(hex(network.friendWishes))
  assert.deepEqual(
    [wishes.goneAfterSeconds, wishes.repairBytesPerSecond, wishes.nines],
    [1_209_600, 4 << 20, [{ redundancyClass: 'light', nines: 6 }]],
  )
  assert.deepEqual(
    wishes.places.map(({ place }) => place),
    ['Großmutters Haus'],
  )
  const [score] = decodeScores(hex(network.scores))
  assert.deepEqual(
    [score?.reachedMs, score?.measuredMs, score?.proven, score?.failed, score?.latencyMs],
    [86_000_000, 86_400_000, 24_000, 1000, 23],
  )
  for (const [digits, decoder] of [
    [network.agreement, decodeAgreement],
    [network.release, decodeRelease],
    [network.friendTerms, decodeTerms],
    [network.friendWishes, decodeWishes],
  ] as const) {
    const map = decode(hex(digits)) as object
    assert.throws(() => decoder(encode({ ...map, v: 2 })), { code: 'UNSUPPORTED_VERSION' })
    assert.throws(() => decoder(encode({ ...map, more: 1 })), { code: 'MALFORMED' })
  }
  assert.throws(() => decodeAgreement(encode({ ...(decode(hex(network.agreement)) as object), price: 1 })), { code: 'MALFORMED' })
})

test('a record of the newest state is read, holds as it is signed, and only so', () => {
  const newest = decodeNewest(hex(network.newest))
  verifyNewest(nodejsCrypto, newest)
  assert.deepEqual([newest.seq, newest.copies[0]?.sizeBytes, newest.sealed.length], [1_700_000_000_000, 64, 9])
  for (const changed of [{ seq: newest.seq + 1 }, { copies: [] }, { sealed: new Uint8Array(9) }, { node: newest.giver }])
    assert.throws(() => verifyNewest(nodejsCrypto, { ...newest, ...changed }), { code: 'SIGNATURE_INVALID' })
  assert.deepEqual(
    decodeReplaced(hex(network.replacedNodes)).map(({ seq }) => seq),
    [newest.seq],
  )
  const content = decodeNewestContent(hex(network.newestContent))
  assert.deepEqual(content.relations, [hex(network.relation)])
  assert.equal(toHex(encodeNewestContent(content)), network.newestContent)
  assert.equal(content.line, null)
  assert.equal(decodeNewestContent(hex(network.newestContentWithLine)).line?.length, 7)
  for (const [digits, decoder] of [
    [network.newest, decodeNewest],
    [network.newestContent, decodeNewestContent],
    [network.newestContentWithLine, decodeNewestContent],
    [network.replacedNodes, decodeReplaced],
  ] as const) {
    const map = decode(hex(digits)) as object
    assert.throws(() => decoder(encode({ ...map, v: 2 })), { code: 'UNSUPPORTED_VERSION' })
    assert.throws(() => decoder(encode({ ...map, more: 1 })), { code: 'MALFORMED' })
  }
})

test('records of the hidden area are read, and nothing else is taken', () => {
  const x = Object.fromEntries(Object.entries<string>(hidden.trash).map(([name, digits]) => [name, hex(digits)]))
  const entry: TreeEntry = { t: 'l', m: 0o777, mt: [1_700_000_000, 5], to: 'target', x }
  assert.deepEqual(trashRecordOf(entry), { path: '/photos/wald 🌲.jpg', time: [1_700_000_001, 250_000_000] })
  assert.deepEqual(withoutTrashRecord(entry).x, { 'user.kept': Uint8Array.of(1, 2, 3) })
  const record = decode(x['trash'] as Uint8Array) as Record<string, unknown>
  for (const [change, code] of [
    [{ v: 2 }, 'UNSUPPORTED_VERSION'],
    [{ path: 7 }, 'MALFORMED'],
    [{ path: 'x'.repeat(65_001) }, 'MALFORMED'],
    [{ time: [0, 1e9] }, 'MALFORMED'],
    [{ more: 1 }, 'MALFORMED'],
  ] as const)
    assert.throws(
      () => trashRecordOf({ ...entry, x: { trash: encode({ ...record, ...change }) } }),
      (error) => isHoltError(error, code),
      JSON.stringify(change),
    )
  for (const [name, replace] of [
    ['upload', false],
    ['uploadThatReplaces', true],
  ] as const) {
    const upload = hex(hidden[name].upload)
    const expected = { path: '/photos/wald 🌲.mp4', sizeBytes: 5_000_000_000, modified: [1_700_000_000, 5], mode: 0o644, replace }
    assert.deepEqual(uploadRecordOf({ ...entry, x: { upload } }), expected)
    const fields = decode(upload) as Record<string, unknown>
    for (const [change, code] of [
      [{ v: 2 }, 'UNSUPPORTED_VERSION'],
      [{ size: -1 }, 'MALFORMED'],
      [{ m: 0o10000 }, 'MALFORMED'],
      [{ replace: false }, 'MALFORMED'],
      [{ more: 1 }, 'MALFORMED'],
    ] as const)
      assert.throws(
        () => uploadRecordOf({ ...entry, x: { upload: encode({ ...fields, ...change }) } }),
        (error) => isHoltError(error, code),
        JSON.stringify(change),
      )
  }
  assert.throws(
    () => trashRecordOf({ ...entry, x: {} }),
    (error) => isHoltError(error, 'MALFORMED'),
  )
})

for (const [which, crypto] of Object.entries({ 'node:crypto': nodejsCrypto, 'JavaScript alone': javascriptCrypto })) {
  test(`${which}: words, key file and sealed file give the root key back`, async () => {
    assert.equal(toHex(rootKeyFromWords(keys.words)), keys.rootKey)
    assert.equal(toHex(await openRootKeyFile(hex(keys.ageFile.file), keys.ageFile.passphrase, { crypto })), keys.rootKey)
    assert.equal(toHex(await openSecret(crypto, hex(keys.sealedFile.fileKey), hex(keys.sealedFile.file))), keys.rootKey)
    assert.equal(toHex(principalFromText(keys.principal.text)), keys.principal.publicKey)
  })

  test(`${which}: heads and caps still hold`, async () => {
    const [ownersHead, delegatedHead] = [parseHead(hex(caps.ownersHead)), parseHead(hex(caps.delegatedHead))]
    assert.equal(acceptHead(crypto, null, ownersHead, now), '/')
    assert.equal(acceptHead(crypto, ownersHead, delegatedHead, now), '/photos/2026')
    assert.equal(toHex(headCid(hex(caps.ownersHead))), caps.ownersHeadCid)
    assert.deepEqual(
      caps.writecaps.map((digits: string) => decodeWritecap(hex(digits))),
      delegatedHead.chain,
    )
    for (const digits of [caps.volumeReadcap, caps.entryReadcap]) verifyReadcap(crypto, decodeReadcap(hex(digits)), now)
    const opened = await openReadcap(crypto, hex(caps.entryReadcapSealedToBob), { seed: hex(caps.bobSeed), ...now })
    assert.equal(toHex(encodeReadcap(opened)), caps.entryReadcap)
  })

  test(`${which}: share links still open`, async () => {
    const { id, key } = shareKeys(crypto, hex(shares.secret))
    assert.deepEqual([toHex(id), toHex(key)], [shares.id, shares.key])
    assert.equal(toHex(encodeReadcap(await openShare(crypto, key, hex(shares.document), now))), shares.readcap)
    const record = await openShareRecord(crypto, hex(shares.sharesKey), hex(shares.record))
    assert.deepEqual([toHex(record.secret), record.path, record.label, record.expires], [shares.secret, '/photos', 'June', null])
  })

  test(`${which}: the journal of programs opens, also when its end was cut off`, async () => {
    const file = hex(journal.file)
    const key = hex(journal.journalKey)
    assert.deepEqual(await openFrames(crypto, key, file), { entries: journal.entries, endBytes: file.length, damaged: 0 })
    const cut = await openFrames(crypto, key, file.subarray(0, -1))
    assert.deepEqual(cut.entries, journal.entries.slice(0, 2))
  })

  test(`${which}: fragments and drives are still known`, () => {
    const owner = crypto.ed25519PublicKey(hex(drives.storageSeed))
    for (const [index, digits] of (drives.fragmentTails as string[]).entries()) {
      const tail = hex(digits)
      const parsed = parseFragmentTail(tail, drives.shardBytes + tail.length)
      assert.equal(parsed.index, index)
      verifySpread(crypto, parsed.spread, owner)
    }
    assert.equal(parseMarker(crypto, hex(drives.driveMarker), owner).createdSeconds, 1_700_000_000)
  })
}

test('HPKE: another implementation opens the message', async () => {
  const buffer = (digits: string) => new Uint8Array(hex(digits)).buffer
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const recipientKey = await suite.kem.deserializePrivateKey(buffer(hpke.secret))
  const recipient = await suite.createRecipientContext({ recipientKey, enc: buffer(hpke.enc), info: buffer(hpke.info) })
  assert.equal(toHex(new Uint8Array(await recipient.open(buffer(hpke.ct), buffer(hpke.associated)))), hpke.plaintext)
})

test('what is known of shared folders is read whole, and its versions open with the keys in it', async () => {
  for (const kind of ['given', 'taken'] as const) {
    const parts = Object.fromEntries(Object.entries(folders[kind] as Record<string, string>).map(([name, digits]) => [name, hex(digits)]))
    const folder = decodeFolder(parts)
    assert.equal(folder.kind, `${kind}-folder`)
    assert.deepEqual(encodeFolder(folder), parts)
    const head = parseHead(hex(folders.given.head))
    const name = { id: head.volume, owner: head.owner, salt: folder.salt }
    const { dir, epoch, keyNumber } = await openSharedVersion(nodejsCrypto, { name, keys: folder.keys }, folder.version as SharedVersion)
    assert.deepEqual([dir.t, dir.e, epoch, keyNumber], ['d', 1, 1, 1])
    for (const part of ['folder', 'chains', ...(kind === 'given' ? ['requests'] : [])]) {
      const whole = decode(parts[part] as Uint8Array) as object
      assert.throws(() => decodeFolder({ ...parts, [part]: encode({ ...whole, v: 2 }) }), { code: 'UNSUPPORTED_VERSION' })
      assert.throws(() => decodeFolder({ ...parts, [part]: encode({ ...whole, more: 1 }) }), { code: 'MALFORMED' })
    }
  }
})

test('lines and voters of the nodes of one owner are read, hold as they are signed, and only so', () => {
  const line = decodeLine(hex(cluster.line))
  verifyLine(nodejsCrypto, line, line.owner)
  assert.deepEqual(line.ordered, { term: 3, index: 9 })
  assert.deepEqual(
    line.clock.map(([, count]) => count),
    [1_700_000_000_123, 4],
  )
  assert.throws(() => verifyLine(nodejsCrypto, { ...line, ordered: { term: 4, index: 9 } }, line.owner), { code: 'SIGNATURE_INVALID' })
  assert.throws(() => verifyLine(nodejsCrypto, line, hex('00'.repeat(32))), { code: 'NOT_AUTHORIZED' })
  assert.equal(decodeLines(hex(cluster.lines)).past.length, 1)
  const voters = decodeVoters(hex(cluster.voters))
  verifyVoters(nodejsCrypto, voters, line.owner)
  assert.deepEqual([voters.seq, voters.nodes.map(([first]) => first)], [2, [1, 2]])
  assert.throws(() => verifyVoters(nodejsCrypto, { ...voters, seq: 3 }, line.owner), { code: 'SIGNATURE_INVALID' })
  assert.equal(decodeElection(hex(cluster.election)).term, 2_097_153)
  assert.equal(decodeFirstPlace(hex(cluster.firstMeeting)).address, '/ip4/192.168.7.2/tcp/4660')
  assert.deepEqual(decodeLateFriends(hex(cluster.lateFriends))[0]?.node, decodeFirstPlace(hex(cluster.firstMeeting)).peer)
  assert.deepEqual(decodeMerged(hex(cluster.merged))[0]?.path, '/both')
  assert.deepEqual([decodeNames(hex(cluster.names)).self, decodeNames(hex(cluster.names)).nodes[0]?.name], ['Box', 'Laptop'])
  const map = decode(hex(cluster.line)) as { clock: unknown[] }
  assert.throws(() => decodeLine(encode({ ...map, clock: [...map.clock].reverse() })), { code: 'MALFORMED' })
  for (const [digits, decoder] of [
    [cluster.line, decodeLine],
    [cluster.lines, decodeLines],
    [cluster.voters, decodeVoters],
    [cluster.election, decodeElection],
    [cluster.merged, decodeMerged],
    [cluster.names, decodeNames],
    [cluster.firstMeeting, decodeFirstPlace],
    [cluster.lateFriends, decodeLateFriends],
    [cluster.joiningGuest, decodeJoiningGuest],
    [cluster.joiningHost, decodeJoiningHost],
  ] as const) {
    const whole = decode(hex(digits)) as object
    assert.throws(() => decoder(encode({ ...whole, v: 2 })), { code: 'UNSUPPORTED_VERSION' })
    assert.throws(() => decoder(encode({ ...whole, more: 1 })), { code: 'MALFORMED' })
  }
})
