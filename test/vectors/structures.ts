import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, toHex, utf8 } from '@holt/core/bytes.ts'
import { cidFromDigest, cidToText } from '@holt/core/cid.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { hpkeSeal } from '@holt/core/hpke.ts'
import { encodeArchive, partsOf } from '@holt/core/package/archive.ts'
import { encodeManifest, type Manifest, manifestCid } from '@holt/core/package/manifest.ts'
import { encodeSignature, programId, signHandOver, signPackage } from '@holt/core/package/signature.ts'
import { principalToText, x25519Of, x25519SecretOf } from '@holt/core/principal.ts'
import { backUpRootKey, deriveRootKeys, type KeyPair, rootKeyToWords, volumeId } from '@holt/core/root-key.ts'
import { sealSecret } from '@holt/core/sealed-file.ts'
import { sealShareRecord } from '@holt/node/shares/share-record.ts'
import { encodeAlarm } from '@holt/kernel/alarm.ts'
import { encodeMessageLine, encodeOutgoing } from '@holt/kernel/outbox.ts'
import type { Message } from '@holt/network/messages/messages-protocol.ts'
import { signForProgram } from '@holt/core/program-signature.ts'
import { encodeHere } from '@holt/node/programs/here-book.ts'
import type { JournalEntry } from '@holt/node/programs/journal/journal-entry.ts'
import { sealFrames } from '@holt/node/programs/journal/journal-frame.ts'
import { encodeInstalled } from '@holt/node/programs/installed-record.ts'
import { encodeMarker } from '@holt/store/fragments/drive-marker.ts'
import { encodeFragmentTail, signSpread } from '@holt/store/fragments/fragment-file.ts'
import { headCid, signHead } from '@holt/tree/caps/head.ts'
import { encodeReadcap, issueReadcap } from '@holt/tree/caps/readcap.ts'
import { sealReadcap } from '@holt/tree/caps/sealed-readcap.ts'
import { sealShare, shareKeys } from '@holt/tree/caps/share-link.ts'
import { delegateWritecap, encodeWritecap, issueWritecap } from '@holt/tree/caps/writecap.ts'
import { encodeProperties } from '@holt/admin/server/webdav/dead-properties.ts'
import { withOwnerRecord } from '@holt/node/mount/owner-record.ts'
import { encodePhotoRecord } from '@holt/node/photos/photo-records.ts'
import { encodePhotoSettings } from '@holt/node/photos/photo-settings.ts'
import { encodePowerSettings } from '@holt/node/power/power-settings.ts'
import { withTrashRecord } from '@holt/node/hidden/trash-record.ts'
import { withUploadRecord } from '@holt/node/hidden/upload-record.ts'
import { encodeAgreement, encodeRelease, fragmentNameOf, signAgreement, signRelease } from '@holt/network/fragments/agreement.ts'
import { encodeTerms } from '@holt/network/fragments/friend-terms.ts'
import { encodeWishes } from '@holt/network/fragments/friend-wishes.ts'
import { encodeGiven } from '@holt/network/fragments/given-book.ts'
import { encodeScores } from '@holt/network/scores/score-record.ts'
import { encodeHeld } from '@holt/network/fragments/held-record.ts'
import { encodeLine, signLine } from '@holt/network/cluster/line.ts'
import { encodeLines } from '@holt/network/cluster/line-book.ts'
import { encodeFirstPlace } from '@holt/node/peers/first-meeting.ts'
import { encodeLateFriends } from '@holt/node/peers/late-friends.ts'
import { encodeMerged } from '@holt/network/cluster/merged-book.ts'
import { encodeNames } from '@holt/network/cluster/node-names.ts'
import { encodeFolder } from '@holt/network/sharing/folder-record.ts'
import { makeSharedVersion } from '@holt/tree/shared/shared-version.ts'
import { encodeElection, encodeVoters, signVoters } from '@holt/network/cluster/voters.ts'
import { directoryKey } from '@holt/network/endpoints/directory-record.ts'
import { encodeEndpoints, signEndpoints } from '@holt/network/endpoints/endpoint-record.ts'
import { generator } from '@holt/network/pairing/cpace.ts'
import { locatorOf } from '@holt/network/pairing/pairing-code.ts'
import { encodeJoiningGuest, encodeJoiningHost } from '@holt/network/pairing/joining-protocol.ts'
import { encodeGuestWord, encodeHostWord, inputsOf, relationOf } from '@holt/network/pairing/pairing-protocol.ts'
import { encodeRelation, signRelation } from '@holt/network/relations/relation.ts'
import { encodeKeptRelation } from '@holt/network/relations/relation-book.ts'
import { encodeNewestContent } from '@holt/network/newest/newest-content.ts'
import { encodeNewest, signNewest } from '@holt/network/newest/newest-record.ts'
import { encodeReplaced } from '@holt/network/newest/replaced-nodes.ts'
import { encodeNodeKey } from '@holt/network/node-key.ts'
import { encodeFrame, type FrameOut } from '@holt/network/rpc/frame.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import type { FileEntry, TreeEntry } from '@holt/tree/types.ts'

/** What the files of structures-v1 are made of: everything follows from the few numbers here. Bytes are hex. */

const rootKey = bytes(32, 0x10)
const PASSPHRASE = 'correct horse battery'

/** `count` bytes: first, first + 1, … */
function bytes(count: number, first: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => first + i)
}

/** Gives the same "random" bytes every time, so that the same structures come out. */
function unrandomCrypto(seed: number): Crypto {
  let calls = 0
  const randomBytes = (length: number) =>
    nodejsCrypto.hkdf(Uint8Array.of(seed, ++calls), { salt: utf8('vector'), info: utf8('not random'), lengthBytes: length })
  return { ...nodejsCrypto, randomBytes }
}

/** File name → content, for each file of the vector. */
export async function makeStructures(): Promise<Record<string, unknown>> {
  return {
    'cbor.json': cborVectors(),
    'keys.json': await keyVectors(unrandomCrypto(1)),
    'hpke.json': await hpkeVector(unrandomCrypto(2)),
    'caps.json': await capVectors(unrandomCrypto(3)),
    'drives.json': driveVectors(unrandomCrypto(4)),
    'hidden.json': hiddenVectors(),
    'shares.json': await shareVectors(unrandomCrypto(5)),
    'journal.json': await journalVectors(unrandomCrypto(7)),
    'cluster.json': clusterVectors(),
    'mount.json': { owner: toHex(withOwnerRecord(undefined, { uid: 1000, gid: 100 })['owner'] as Uint8Array) },
    'webdav.json': webdavVectors(),
    'folders.json': await folderVectors(unrandomCrypto(6)),
    'package.json': packageVectors(),
    'photos.json': photoVectors(),
    'network.json': { frames: frameVectors(), nodeKey: toHex(encodeNodeKey(bytes(32, 0x60))), ...peerVectors() },
  }
}

/** What programs set on a file by WebDAV. */
function webdavVectors() {
  const author = {
    namespace: 'urn:x',
    name: 'author',
    attributes: [{ namespace: 'http://www.w3.org/XML/1998/namespace', name: 'lang', value: 'de' }],
  }
  const properties = [
    { ...author, children: [{ namespace: '', name: 'name', attributes: [], children: ['Änne & Ben 🌲'] }, 'and others'] },
    { namespace: 'DAV:', name: 'displayname', attributes: [], children: [] },
  ]
  return { properties: toHex(encodeProperties(properties)) }
}

/** Attributes of entries in the hidden area of a root volume. */
function hiddenVectors() {
  const entry: TreeEntry = { t: 'l', m: 0o777, mt: [1_700_000_000, 5], to: 'target', x: { 'user.kept': bytes(3, 1) } }
  const trashed = withTrashRecord(entry, { path: '/photos/wald 🌲.jpg', time: [1_700_000_001, 250_000_000] })
  const begun: FileEntry = { t: 'f', c: 20, h: 0, k: [bytes(32, 7)], m: 0o600, mt: [1_700_000_002, 0], r: null, z: 0 }
  const uploaded = { path: '/photos/wald 🌲.mp4', sizeBytes: 5_000_000_000, modified: [1_700_000_000, 5] as const, mode: 0o644 }
  const hex = (x: Record<string, Uint8Array> = {}) => Object.fromEntries(Object.entries(x).map(([name, value]) => [name, toHex(value)]))
  return {
    trash: hex(trashed),
    upload: hex(withUploadRecord(begun, { ...uploaded, replace: false }).x),
    uploadThatReplaces: hex(withUploadRecord(begun, { ...uploaded, replace: true }).x),
  }
}

/** What that program signs for an owner. */
function programKeyVectors(program: Uint8Array) {
  const key = deriveRootKeys(nodejsCrypto, bytes(32, 0x10)).programKey(program)
  return {
    programKey: principalToText(key.publicKey),
    programSignature: toHex(signForProgram(nodejsCrypto, { program, message: utf8('wald') }, key)),
  }
}

/** A program that Anna wrote and handed to Ben, whose version this is. */
function packageVectors() {
  const [anna, ben] = [0x10, 0x30].map((first) => deriveRootKeys(nodejsCrypto, bytes(32, first)).author) as [KeyPair, KeyPair]
  const files = new Map([
    ['main.js', utf8('holt.onDeliver = () => new Uint8Array(0)')],
    ['pages/index.html', utf8('<p>wald 🌲</p>')],
  ])
  const manifest: Manifest = {
    v: 1,
    kind: 'program',
    name: 'visitor-book',
    title: 'Visitor book 🌲',
    about: 'Who was here.\nAnd when.',
    version: [1, 2, 3],
    author: ben.publicKey,
    code: 'javascript',
    main: 'main.js',
    files: [...files].map(([path, content]) => ({ path, size: content.length, parts: partsOf(content) })),
    pages: 'pages',
    powers: [
      { kind: 'page', name: 'site', reason: 'visitors write in it' },
      { kind: 'folder', name: 'photos', reason: 'shows them', write: true, optional: true },
      { kind: 'hosts', name: 'feeds', reason: 'reads them', hosts: ['example.org', '*.example.net:8443'] },
      { kind: 'clock', name: 'time', reason: 'says when' },
    ],
    limits: { memory: 32 << 20, work: 1_000_000_000, storage: 1 << 20 },
  }
  const block = encodeManifest(manifest)
  const handOver = signHandOver(nodejsCrypto, { program: 'visitor-book', to: ben.publicKey, made: 1_700_000_000 }, anna)
  const signature = signPackage(nodejsCrypto, { package: manifestCid(block), chain: [handOver] }, ben)
  return {
    rootKeys: { anna: toHex(bytes(32, 0x10)), ben: toHex(bytes(32, 0x30)) },
    authors: { anna: principalToText(anna.publicKey), ben: principalToText(ben.publicKey) },
    manifest: toHex(block),
    cid: cidToText(manifestCid(block)),
    programId: toHex(programId(anna.publicKey, 'visitor-book')),
    archive: toHex(encodeArchive(manifest, { files, signature })),
    unsigned: toHex(encodeArchive(manifest, { files })),
    installed: toHex(
      encodeInstalled({
        package: manifestCid(block),
        signature: encodeSignature(signature),
        installed: 1_700_000_001,
        grants: [
          { kind: 'page', name: 'site', network: true },
          { kind: 'folder', name: 'photos', path: '/photos', write: true },
          { kind: 'hosts', name: 'feeds', hosts: ['example.org'] },
          { kind: 'clock', name: 'time' },
        ],
        limits: { memory: 16 << 20 },
      }),
    ),
    alarm: toHex(encodeAlarm({ at: 1_800_000_000_000, every: 3_600_000, data: utf8('"tea"') })),
    alarmOnce: toHex(encodeAlarm({ at: 1_800_000_001_000, every: null, data: new Uint8Array(0) })),
    ...programKeyVectors(programId(anna.publicKey, 'visitor-book')),
    messageOut: toHex(encodeOutgoing({ line: bytes(16, 0x50), number: 3, sent: 1_800_000_000_123, body: utf8('"wald"') })),
    messageLine: toHex(encodeMessageLine({ line: bytes(16, 0x50), number: 3 })),
    messageRequest: toHex(
      encode({
        to: bytes(16, 0x60),
        from: bytes(16, 0x70),
        line: bytes(16, 0x50),
        number: 3,
        sent: 1_800_000_000_123,
        body: utf8('"wald"'),
      } satisfies Message),
    ),
    here: toHex(encodeHere(new Map([[toHex(programId(anna.publicKey, 'visitor-book')), 7710]]))),
  }
}

/** What a phone's pictures leave in the hidden area, and in the data folder of its node. */
function photoVectors() {
  const digest = blake3(utf8('a picture'))
  const root = cidFromDigest(digest)
  const records = {
    photo: encodePhotoRecord('photo', { path: '/Photos/Pixel 8/2026/11/Wald 🌲.jpg', root, size: 2_345_678 }),
    photoOfNothing: encodePhotoRecord('photo', { path: '/Photos/empty.jpg', root: null, size: 0 }),
    seen: encodePhotoRecord('seen', { change: 17, size: 2_345_678, modified: 1_700_000_000, digest }),
    later: encodePhotoRecord('later', {
      change: 18,
      name: 'film.mp4',
      size: 5_000_000_000,
      modified: 1_700_000_001,
      month: '2026-11',
      video: 1,
      tries: 2,
    }),
    cursor: encodePhotoRecord('cursor', { database: 'external:1#abc', all: 1, videos: 0, change: 18, id: 1042, done: 900 }),
    partial: encodePhotoRecord('partial', {
      volume: 'external_primary',
      database: 'external:1#abc',
      id: 1043,
      change: 19,
      size: 5_000_000_000,
    }),
    settings: encodePhotoSettings({
      phone: bytes(16, 0x40),
      on: true,
      paused: false,
      videos: true,
      folder: '/Photos/Pixel 8',
      network: 'unmetered',
      charging: true,
    }),
    power: encodePowerSettings({ network: 'wifi', charging: true, always: false }),
    newSettings: encodePhotoSettings({
      phone: bytes(16, 0x40),
      on: false,
      paused: false,
      videos: true,
      folder: null,
      network: 'any',
      charging: false,
    }),
  }
  return Object.fromEntries(Object.entries(records).map(([name, encoded]) => [name, toHex(encoded)]))
}

function cborVectors() {
  const values: Record<string, unknown> = {
    integers: [
      0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, 9_007_199_254_740_991, -1, -24, -25, -256, -9_007_199_254_740_991,
    ],
    'text and bytes': ['', 'a', 'ü', '水', '😀', new Uint8Array(0), bytes(24, 0)],
    others: [null, true, false, 1.5, -0.1, [], {}],
    'keys by length, then bytes': { b: 1, a: 2, aa: 3, ä: 4, v: 5, '': 6 },
  }
  const malformed: Record<string, string> = {
    'integer not shortest': '1817',
    'length not shortest': '580161',
    'keys out of order': 'a2616201616102',
    'key twice': 'a2616101616102',
    'key is no text': 'a10101',
    'indefinite array': '9f01ff',
    tag: 'c000',
    link: 'd82a450001550000',
    'half a float': 'f93e00',
    'whole float': 'fb3ff0000000000000',
    'not a number': 'fb7ff8000000000000',
    undefined: 'f7',
    'not UTF-8': '62c328',
    'surrogate in UTF-8': '63eda080',
    'more behind': '0000',
    'too short': '4301',
    'beyond 2^53': '1b0020000000000000',
    'nested 17 deep': `${'81'.repeat(17)}00`,
  }
  return { encoded: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toHex(encode(value))])), malformed }
}

/** Frames between nodes, with their length. */
function frameVectors() {
  const frames: Record<string, FrameOut> = {
    request: { kind: 'request', id: 1, method: 'read', within: 30_000, body: { from: 0, name: bytes(4, 1) } },
    cancel: { kind: 'cancel', id: 1 },
    answer: { kind: 'answer', id: 1, body: bytes(3, 9) },
    error: { kind: 'error', id: 2, code: 'NOT_FOUND', message: 'not here', data: { at: 7, why: null } },
    end: { kind: 'end', code: 'MALFORMED', message: 'no', data: {} },
  }
  return Object.fromEntries(Object.entries(frames).map(([name, frame]) => [name, toHex(encodeFrame(frame, 4096))]))
}

/** Ben keeps for Anna the only fragment of a pack of 64 bytes. */
function agreedVectors(anna: { owner: KeyPair; node: KeyPair }, ben: { owner: KeyPair; node: KeyPair }) {
  const spread = signSpread(nodejsCrypto, bytes(32, 0x50), {
    id: toHex(bytes(16, 9)),
    redundancyClass: 'standard',
    sizeBytes: 64,
    toc: { offset: 20, length: 40 },
    createdSeconds: 1_700_000_000,
    dataFragments: 1,
    totalFragments: 1,
    shardBytes: 64,
    roots: blake3(bytes(64, 0)),
  })
  const tail = encodeFragmentTail(spread, 0)
  const about = {
    giver: anna.owner.publicKey,
    holder: { owner: ben.owner.publicKey, node: ben.node.publicKey },
    fragment: fragmentNameOf(tail),
  }
  const unsigned = { ...about, sizeBytes: 64 + tail.length, made: 1_700_000_000, until: 1_710_000_000 }
  const sign = ({ owner }: typeof anna) => signAgreement(nodejsCrypto, unsigned, owner.seed)
  const release = signRelease(nodejsCrypto, { ...about, made: 1_700_000_100 }, anna.owner.seed)
  return { tail, release, agreement: { ...unsigned, signatures: { giver: sign(anna), holder: sign(ben) } } }
}

function newestVector({ owner, node }: { owner: KeyPair; node: KeyPair }) {
  const copies = [{ pack: toHex(bytes(16, 0x30)), sizeBytes: 64, digest: blake3(bytes(64, 0)) }]
  return signNewest(nodejsCrypto, { node: node.publicKey, seq: 1_700_000_000_000, copies, sealed: bytes(9, 0x70) }, owner)
}

/** What people agree on and say of themselves to other nodes. */
function peerVectors() {
  const keys = (first: number) => ({ owner: pairOf(first), node: pairOf(first + 1) })
  const pairOf = (first: number) => ({ seed: bytes(32, first), publicKey: nodejsCrypto.ed25519PublicKey(bytes(32, first)) })
  const [anna, ben] = [keys(0x20), keys(0x40)]
  const party = ({ owner, node }: typeof anna, name: string) => ({ owner: owner.publicKey, node: node.publicKey, name })
  const relation = {
    relation: 'friend' as const,
    id: bytes(16, 7),
    made: 1_700_000_000,
    host: party(anna, 'Anna'),
    guest: party(ben, 'Bén 🌲'),
  }
  const signatures = { host: signRelation(nodejsCrypto, relation, anna), guest: signRelation(nodejsCrypto, relation, ben) }
  const signed = { ...relation, signatures }
  const addresses = ['/ip4/192.168.7.2/tcp/4660', '/ip6/fd00::2/tcp/4660']
  const code = { locator: locatorOf(anna.node.publicKey), text: `${locatorOf(anna.node.publicKey)}9XPQ12` }
  const nodes = { guest: ben.node.publicKey, host: anna.node.publicKey }
  const { agreement, release, tail } = agreedVectors(anna, ben)
  const groups = blake3(bytes(64, 0))
  return {
    agreement: toHex(encodeAgreement(agreement)),
    release: toHex(encodeRelease(release)),
    held: toHex(encodeHeld({ agreement, tail, groups, complete: true, release: null })),
    heldReleased: toHex(encodeHeld({ agreement, tail: bytes(0, 0), groups: bytes(0, 0), complete: false, release })),
    given: toHex(encodeGiven({ agreement, tail, placed: true, release: null })),
    newest: toHex(encodeNewest(newestVector(anna))),
    replacedNodes: toHex(encodeReplaced([{ node: anna.node.publicKey, seq: 1_700_000_000_000 }])),
    newestContent: toHex(
      encodeNewestContent({
        heads: [bytes(5, 1)],
        relations: [encodeRelation(signed)],
        records: [],
        terms: encodeTerms([{ owner: ben.owner.publicKey, give: true, mostBytes: null }]),
        line: null,
      }),
    ),
    newestContentWithLine: toHex(
      encodeNewestContent({ heads: [bytes(5, 1)], relations: [], records: [], terms: new Uint8Array(0), line: bytes(7, 1) }),
    ),
    friendTerms: toHex(
      encodeTerms([
        { owner: anna.owner.publicKey, give: true, mostBytes: null },
        { owner: ben.owner.publicKey, give: false, mostBytes: 1 << 30 },
      ]),
    ),
    friendWishes: toHex(
      encodeWishes({
        goneAfterSeconds: 1_209_600,
        repairBytesPerSecond: 4 << 20,
        nines: [{ redundancyClass: 'light', nines: 6 }],
        places: [{ of: ben.owner.publicKey, place: 'Großmutters Haus' }],
      }),
    ),
    scores: toHex(
      encodeScores([
        {
          node: ben.node.publicKey,
          since: 1_700_000_000,
          reachedMs: 86_000_000,
          measuredMs: 86_400_000,
          silentMs: 400_000,
          proven: 24_000,
          failed: 1000,
          latencyMs: 23,
        },
      ]),
    ),
    relation: toHex(encodeRelation(signed)),
    relationsKey: toHex(deriveRootKeys(nodejsCrypto, rootKey).relationsKey),
    endedRelation: toHex(encodeKeptRelation({ relation: signed, ended: 1_700_000_100 })),
    endpoints: toHex(encodeEndpoints(signEndpoints(nodejsCrypto, { seq: 5, expires: 1_700_000_000, addresses }, anna))),
    directoryKey: toHex(directoryKey(anna.node.publicKey)),
    pairing: {
      code: code.text,
      guest: toHex(encodeGuestWord(relation.guest)),
      host: toHex(encodeHostWord(relation)),
      generator: toHex(generator(inputsOf(code, { sid: bytes(32, 1), nodes })).toBytes()),
      relationId: toHex(relationOf(relation.guest, relation, bytes(32, 1)).id),
    },
  }
}

async function keyVectors(crypto: Crypto) {
  const keys = deriveRootKeys(crypto, rootKey)
  const fileKey = bytes(32, 0x80)
  return {
    rootKey: toHex(rootKey),
    words: rootKeyToWords(rootKey),
    principal: {
      seed: toHex(keys.principal.seed),
      publicKey: toHex(keys.principal.publicKey),
      text: principalToText(keys.principal.publicKey),
    },
    x25519: { secret: toHex(x25519SecretOf(keys.principal.seed)), publicKey: toHex(x25519Of(keys.principal.publicKey)) },
    storage: { seed: toHex(keys.storage.seed), publicKey: toHex(keys.storage.publicKey) },
    rootVolume: toHex(keys.volume.id),
    volumeKeys: Object.fromEntries([0, 1, 258].map((epoch) => [epoch, toHex(keys.volumeKey(epoch))])),
    ageFile: { passphrase: PASSPHRASE, file: toHex(await backUpRootKey(rootKey, PASSPHRASE, { crypto, costLog2: 10 })) },
    sealedFile: { fileKey: toHex(fileKey), file: toHex(await sealSecret(crypto, fileKey, rootKey)) },
  }
}

async function hpkeVector(crypto: Crypto) {
  const secret = bytes(32, 0x40)
  const publicKey = crypto.x25519PublicKey(secret)
  const [info, associated, plaintext] = [utf8('info'), utf8('associated'), utf8('plaintext')]
  const { enc, ct } = await hpkeSeal(crypto, publicKey, plaintext, { info, associated })
  const fields = { secret, publicKey, info, associated, plaintext, enc, ct }
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toHex(value)]))
}

async function capVectors(crypto: Crypto) {
  const { principal: owner } = deriveRootKeys(crypto, rootKey)
  const [alice, bob] = [bytes(32, 0xa0), bytes(32, 0xb0)]
  const [alicePublic, bobPublic] = [crypto.ed25519PublicKey(alice), crypto.ed25519PublicKey(bob)]
  const salt = bytes(16, 1)
  const volume = volumeId(owner.publicKey, salt)
  const root = Uint8Array.of(1, 0x55, 0x1e, 0x20, ...bytes(32, 0))
  const toAlice = issueWritecap(crypto, volume, { subject: alicePublic, path: '/photos', depth: 1, expires: 2_000_000_000 }, owner.seed)
  const chain = delegateWritecap(crypto, [toAlice], { subject: bobPublic, path: '/photos/2026' }, alice)
  const first = {
    volume,
    owner: owner.publicKey,
    salt,
    seq: 1,
    root,
    prev: null,
    time: [1_700_000_000, 5] as const,
    chain: [],
    revoked: [],
  }
  const ownersHead = signHead(crypto, owner.seed, { ...first, writer: owner.publicKey, revoked: [bytes(16, 9)] })
  const later = { seq: 2, prev: headCid(ownersHead), time: [1_700_000_001, 0] as const, writer: bobPublic, chain, revoked: [bytes(16, 9)] }
  const entry = { t: 'd' as const, m: 0o755, mt: [1_700_000_000, 0] as const, k: [bytes(32, 7)], r: root }
  const grant = { label: 'our photos', owner: owner.publicKey, salt, expires: 2_000_000_000 }
  const readcap = issueReadcap(crypto, { ...grant, target: { t: 'entry', entry, name: 'photos' } }, owner.seed)
  return {
    ownerSeed: toHex(owner.seed),
    aliceSeed: toHex(alice),
    bobSeed: toHex(bob),
    salt: toHex(salt),
    volume: toHex(volume),
    writecaps: chain.map((writecap) => toHex(encodeWritecap(writecap))),
    ownersHead: toHex(ownersHead),
    ownersHeadCid: toHex(headCid(ownersHead)),
    delegatedHead: toHex(signHead(crypto, bob, { ...first, ...later })),
    volumeReadcap: toHex(
      encodeReadcap(issueReadcap(crypto, { ...grant, target: { t: 'volume', k: [bytes(32, 3), bytes(32, 4)] } }, owner.seed)),
    ),
    entryReadcap: toHex(encodeReadcap(readcap)),
    entryReadcapSealedToBob: toHex(await sealReadcap(crypto, readcap, bobPublic)),
  }
}

/** Where two nodes of one owner stand with a volume. */
function clusterVectors() {
  const { principal, volume } = deriveRootKeys(nodejsCrypto, rootKey)
  const time = [1_700_000_000, 0] as const
  const root = Uint8Array.of(1, 0x55, 0x1e, 0x20, ...bytes(32, 0x40))
  const head = signHead(nodejsCrypto, principal.seed, {
    volume: volume.id,
    owner: principal.publicKey,
    salt: volume.salt,
    seq: 7,
    root,
    prev: null,
    time,
    writer: principal.publicKey,
    chain: [],
    revoked: [],
  })
  const clock = [[bytes(32, 1), 1_700_000_000_123] as const, [bytes(32, 2), 4] as const]
  const line = signLine(nodejsCrypto, principal, { head, clock, ordered: { term: 3, index: 9 } })
  const voters = signVoters(nodejsCrypto, principal, { seq: 2, nodes: [bytes(32, 2), bytes(32, 1)] })
  return {
    line: toHex(encodeLine(line)),
    lines: toHex(encodeLines({ current: line, next: null, past: [{ root, clock }] })),
    voters: toHex(encodeVoters(voters)),
    joiningGuest: toHex(encodeJoiningGuest(bytes(32, 1))),
    joiningHost: toHex(encodeJoiningHost({ node: bytes(32, 2), owner: principal.publicKey })),
    election: toHex(encodeElection({ term: 2_097_153, votedFor: bytes(32, 1) })),
    merged: toHex(encodeMerged([{ path: '/both', at: 1_700_000_000, by: bytes(32, 1) }])),
    firstMeeting: toHex(encodeFirstPlace({ owner: principal.publicKey, peer: bytes(32, 2), address: '/ip4/192.168.7.2/tcp/4660' })),
    lateFriends: toHex(encodeLateFriends([{ owner: principal.publicKey, node: bytes(32, 2) }])),
    names: toHex(encodeNames({ self: 'Box', nodes: [{ node: bytes(32, 2), name: 'Laptop' }] })),
  }
}

async function folderVectors(crypto: Crypto) {
  const { principal } = deriveRootKeys(crypto, rootKey)
  const { publicKey: owner } = principal
  const salt = bytes(16, 0x60)
  const name = { id: volumeId(owner, salt), owner, salt }
  const keys = [bytes(32, 0x70), bytes(32, 0x80)]
  const root = Uint8Array.of(1, 0x55, 0x1e, 0x20, ...bytes(32, 0))
  const dir = { t: 'd' as const, m: 0o755, mt: [1_700_000_000, 0] as const, k: [bytes(32, 7), bytes(32, 8)], e: 1, r: root }
  const next = { dir, epoch: 1, seq: 1_700_000_000_123, prev: null, revoked: [bytes(16, 3)], time: [1_700_000_000, 123_000_000] as const }
  const version = await makeSharedVersion(crypto, { name, keys, signer: { ...principal, chain: [] } }, next)
  const friend = nodejsCrypto.ed25519PublicKey(bytes(32, 0x90))
  const grant = issueWritecap(crypto, name.id, { subject: friend, path: '/june', depth: 1, expires: 1_800_000_000 }, principal.seed)
  const request = { id: bytes(8, 1), owner: friend, path: '/july', note: 'please', made: 1_700_000_000, refused: null }
  const given = encodeFolder({
    kind: 'given-folder',
    salt,
    path: '/photos',
    home: friend,
    keys,
    epoch: 1,
    readers: [{ owner: friend, name: 'Ben', since: 1_700_000_000 }],
    gone: [friend],
    grants: [[grant]],
    revoked: [bytes(16, 3)],
    requests: [request],
    version,
  })
  const taken = encodeFolder({
    kind: 'taken-folder',
    owner,
    salt,
    label: 'photos',
    path: '/shared/Anna/photos',
    home: friend,
    keys,
    state: 'taken',
    chains: [[grant]],
    lost: null,
    version,
  })
  const hex = (parts: Record<string, Uint8Array>) =>
    Object.fromEntries(Object.entries(parts).map(([part, content]) => [part, toHex(content)]))
  return { given: hex(given), taken: hex(taken) }
}

async function journalVectors(crypto: Crypto) {
  const { journalKey } = deriveRootKeys(crypto, rootKey)
  const program = toHex(bytes(16, 0x10))
  const use = { kind: 'use' as const, program, power: 'photos', what: 'read' }
  const entries: JournalEntry[] = [
    { ...use, number: 1, time: 1_700_000_000.25, power: '', what: 'grant', about: 'photos: /photos (read)', code: null },
    { kind: 'line', number: 2, time: 1_700_000_001, program, level: 'warn', text: 'Ärger' },
    { ...use, number: 3, time: 1_700_000_001.5, about: '2026/a.jpg', code: null },
    { ...use, number: 4, time: 1_700_000_002, about: '../diary.txt', code: 'PATH_INVALID' },
  ]
  const two = [await sealFrames(crypto, journalKey, entries.slice(0, 2)), await sealFrames(crypto, journalKey, entries.slice(2))]
  return { journalKey: toHex(journalKey), entries, file: toHex(concatBytes(two)) }
}

async function shareVectors(crypto: Crypto) {
  const { principal, sharesKey } = deriveRootKeys(crypto, rootKey)
  const secret = bytes(32, 0xd0)
  const { id, key } = shareKeys(crypto, secret)
  const root = Uint8Array.of(1, 0x55, 0x1e, 0x20, ...bytes(32, 0))
  const entry = { t: 'd' as const, m: 0o755, mt: [1_700_000_000, 0] as const, k: [bytes(32, 7)], r: root }
  const readcap = issueReadcap(
    crypto,
    { label: 'June', owner: principal.publicKey, salt: new Uint8Array(16), target: { t: 'entry', entry, name: 'photos' }, expires: null },
    principal.seed,
  )
  const record = { secret, path: '/photos', label: 'June', made: 1_700_000_000, expires: null }
  return {
    secret: toHex(secret),
    id: toHex(id),
    key: toHex(key),
    readcap: toHex(encodeReadcap(readcap)),
    document: toHex(await sealShare(crypto, key, readcap)),
    sharesKey: toHex(sharesKey),
    record: toHex(await sealShareRecord(crypto, sharesKey, record)),
  }
}

function driveVectors(crypto: Crypto) {
  const { storage } = deriveRootKeys(crypto, rootKey)
  const createdSeconds = 1_700_000_000
  const spread = signSpread(crypto, storage.seed, {
    id: toHex(bytes(16, 0x30)),
    redundancyClass: 'standard',
    sizeBytes: 1000,
    toc: { offset: 900, length: 100 },
    createdSeconds,
    dataFragments: 2,
    totalFragments: 3,
    shardBytes: 512,
    roots: bytes(96, 0),
  })
  return {
    storageSeed: toHex(storage.seed),
    shardBytes: spread.shardBytes,
    fragmentTails: [0, 1, 2].map((index) => toHex(encodeFragmentTail(spread, index))),
    driveMarker: toHex(encodeMarker(crypto, storage.seed, { id: toHex(bytes(16, 0x50)), createdSeconds })),
  }
}
