import { type Static, Type } from 'typebox'
import { appPasswordMethods } from './app-passwords.ts'
import { blockTreeMethods } from './block-tree.ts'
import { type BoxMethodName, type BoxMethods, boxMethods } from './box/methods.ts'
import { machineMethods } from './machine.ts'
import type { MethodSchemas } from './method-schema.ts'
import { clusterMethods } from './cluster.ts'
import { outlookMethods } from './outlook.ts'
import { folderMethods } from './folders.ts'
import { peerMethods } from './peers.ts'
import { photoMethods } from './photos.ts'
import { powerMethods } from './power.ts'
import { programMethods } from './programs.ts'
import { shareMethods } from './shares.ts'
import { thumbnailMethods } from './thumbnails.ts'
import { storageMethods } from './storage.ts'
import { trashMethods } from './trash.ts'
import { At, Entry, LeaseToken, Path, Seconds } from './tree-types.ts'

/** Every call a node answers: one schema for the JSON-RPC socket, the CLI, the admin server and the tests. */

export { Entry }

export const DriveInfo = Type.Object({
  id: Type.String({ description: 'hex' }),
  folder: Type.String(),
  state: Type.Union([Type.Literal('ok'), Type.Literal('missing'), Type.Literal('failing'), Type.Literal('full'), Type.Literal('removing')]),
  totalBytes: Type.Integer(),
  freeBytes: Type.Integer(),
  fragmentBytes: Type.Integer(),
  fragmentCount: Type.Integer(),
  problem: Type.Optional(Type.String()),
})
export type DriveInfo = Static<typeof DriveInfo>

export const ClassInfo = Type.Object({
  name: Type.String(),
  dataFragments: Type.Integer({ description: 'k: how many fragments rebuild a pack' }),
  totalFragments: Type.Integer({ description: 'n' }),
  setByOwner: Type.Boolean(),
  packs: Type.Integer(),
  packBytes: Type.Integer(),
  lossesSurvived: Type.Integer({
    description: 'how many more drives may be lost, by the worst pack, right now; -1 when some are lost already',
  }),
})
export type ClassInfo = Static<typeof ClassInfo>

export const Status = Type.Object({
  state: Type.Union([Type.Literal('new'), Type.Literal('ready'), Type.Literal('recovering'), Type.Literal('failed')]),
  version: Type.String(),
  pid: Type.Integer(),
  dataFolder: Type.String(),
  pageUrl: Type.Union([Type.String(), Type.Null()]),
  principal: Type.Union([Type.String({ description: 'PeerId text form of the root principal' }), Type.Null()]),
  sequence: Type.Integer({ description: 'of the newest head of the root volume, 0 before the first' }),
  problem: Type.Optional(Type.String()),
  uptimeSeconds: Type.Number(),
  memory: Type.Object({ rssBytes: Type.Integer(), heapBytes: Type.Integer() }),
  eventLoopDelayMs: Type.Object({ p50: Type.Number(), p99: Type.Number(), max: Type.Number() }),
  store: Type.Object({
    blocks: Type.Integer(),
    packs: Type.Integer(),
    packBytes: Type.Integer(),
    unspreadBytes: Type.Integer({ description: 'bytes of packs that are not yet on all their drives' }),
    degradedPacks: Type.Integer({ description: 'packs with fewer fragments than planned' }),
    lostPacks: Type.Integer({ description: 'packs with too few fragments to rebuild' }),
  }),
  restoring: Type.Optional(
    Type.Object(
      {
        packs: Type.Integer(),
        bytes: Type.Integer(),
        secondsLeft: Type.Union([Type.Integer(), Type.Null()], { description: 'at the speed of the last minutes; null: not known yet' }),
      },
      { description: 'what only friends have; it can be read, and comes to the drives in the background' },
    ),
  ),
  keyBackedUp: Type.Boolean(),
  box: Type.Optional(Type.Boolean({ description: 'it runs on a box: the calls that begin with box are answered' })),
  phone: Type.Optional(
    Type.Boolean({ description: 'it runs in the app of a phone: the calls that begin with photos or power are answered' }),
  ),
})
export type Status = Static<typeof Status>

export const Progress = Type.Object({
  phase: Type.String({ description: 'scan, put, get, spread, verify, repair, copy, recover, collect' }),
  doneBytes: Type.Integer(),
  totalBytes: Type.Integer({ description: '0 while unknown' }),
  doneItems: Type.Integer(),
  totalItems: Type.Integer(),
  path: Type.Optional(Type.String()),
})
export type Progress = Static<typeof Progress>

export const TransferReport = Type.Object({
  files: Type.Integer(),
  directories: Type.Integer(),
  symlinks: Type.Integer(),
  bytes: Type.Integer(),
  skipped: Type.Array(Type.Object({ path: Type.String(), reason: Type.String() }), {
    description: 'sockets, devices, unreadable or lost ones',
  }),
  unchanged: Type.Integer({ description: 'files that were there already with this size and time' }),
  sequence: Type.Integer(),
})
export type TransferReport = Static<typeof TransferReport>

export const DoctorReport = Type.Object({
  blocksChecked: Type.Integer(),
  fragmentsChecked: Type.Integer(),
  bytesChecked: Type.Integer(),
  problems: Type.Array(
    Type.Object({
      what: Type.Union([
        Type.Literal('fragment-missing'),
        Type.Literal('fragment-corrupt'),
        Type.Literal('marker-corrupt'),
        Type.Literal('block-corrupt'),
        Type.Literal('copy-corrupt'),
        Type.Literal('copy-missing'),
        Type.Literal('pack-lost'),
        Type.Literal('file-lost'),
        Type.Literal('drive-missing'),
        Type.Literal('index-wrong'),
      ]),
      where: Type.String({ description: 'path in the tree, or drive and fragment' }),
      repaired: Type.Boolean(),
    }),
  ),
  repairedFragments: Type.Integer(),
  healthy: Type.Boolean({ description: 'nothing is wrong now' }),
})
export type DoctorReport = Static<typeof DoctorReport>

export const FoundDrive = Type.Object({
  folder: Type.String(),
  id: Type.String(),
  owner: Type.String({ description: 'the storage principal that signed it' }),
  created: Type.Integer({ description: 'seconds since 1970' }),
  fragments: Type.Integer(),
  openPacks: Type.Integer(),
  usedBytes: Type.Integer({ description: 'of the file system it lies on' }),
  totalBytes: Type.Integer(),
})
export type FoundDrive = Static<typeof FoundDrive>

const Empty = Type.Object({})
const Ok = Type.Object({})
const Attributes = Type.Optional(Type.Boolean({ description: 'with the extended attributes of programs' }))

type BoxCalls = { [Name in BoxMethodName as `box.${Name}`]: BoxMethods[Name] }

/** On a box the node hands these on to the helper that may do what it may not. */
const boxCalls = Object.fromEntries(Object.entries(boxMethods).map(([name, schema]) => [`box.${name}`, schema])) as unknown as BoxCalls

export const methods = {
  'node.status': { params: Empty, result: Status, summary: 'State, version, memory, what is stored' },
  'node.stop': { params: Empty, result: Ok, summary: 'Finishes open commits and ends the process' },
  'node.init': {
    params: Type.Object({
      words: Type.Optional(Type.String({ description: '24 words; made here when absent' })),
      drives: Type.Optional(Type.Array(Type.String({ description: 'absolute folder' }), { maxItems: 255 })),
    }),
    result: Type.Object({ words: Type.String(), principal: Type.String() }),
    summary: 'Makes (or takes) the root key and the first volume',
  },
  'node.recover': {
    params: Type.Object({
      words: Type.String(),
      drives: Type.Optional(
        Type.Array(Type.String(), {
          maxItems: 255,
          description: 'those that are left; with friends also empty folders, to hold what comes back',
        }),
      ),
      friends: Type.Optional(
        Type.Array(Type.String({ maxLength: 300 }), {
          maxItems: 16,
          description:
            'where nodes of friends are: multiaddresses that end with /p2p/ and the PeerId; one is enough, it knows of the others',
        }),
      ),
      copyTo: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: 255,
          description: 'folders: what the drives hold is first copied there, in turn, and recovered from there; the drives are only read',
        }),
      ),
    }),
    result: Type.Object({
      principal: Type.String(),
      sequence: Type.Integer(),
      packs: Type.Integer(),
      lostPacks: Type.Integer(),
      copied: Type.Optional(
        Type.Object({
          files: Type.Integer(),
          present: Type.Integer({ description: 'were there from a copy that was cut short' }),
          damaged: Type.Integer({ description: 'left behind: they are not what was signed any more' }),
        }),
      ),
      friends: Type.Optional(
        Type.Object({
          friends: Type.Integer({ description: 'nodes of friends that answered' }),
          late: Type.Integer({ description: 'nodes of friends that did not, or did not say what they keep; they are asked until they do' }),
          packs: Type.Integer({ description: 'packs that they have; read from them until they are here' }),
          copies: Type.Integer({ description: 'copies of packs that were still written to' }),
          behind: Type.Boolean({ description: 'a newer state is known than any friend gave whole' }),
        }),
      ),
    }),
    long: true,
    summary: 'Brings a tree back from the root key and the drives that are left',
  },
  'files.list': {
    params: Type.Object({
      path: Path,
      at: At,
      after: Type.Optional(Type.String({ description: 'last name of the page before' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000 })),
      attributes: Attributes,
    }),
    result: Type.Object({ entries: Type.Array(Entry), more: Type.Boolean() }),
    summary: 'A page of a directory, in the order of names',
  },
  'files.stat': { params: Type.Object({ path: Path, at: At, attributes: Attributes }), result: Entry, summary: 'One entry' },
  'files.search': {
    params: Type.Object({
      path: Path,
      at: At,
      text: Type.String({ minLength: 1, maxLength: 256, description: 'each word of it is in the name, in any case and with any accents' }),
      after: Type.Optional(Path),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    }),
    result: Type.Object({
      found: Type.Array(Type.Object({ path: Type.String(), entry: Entry })),
      after: Type.Union([Type.String(), Type.Null()], { description: 'to go on with; null: everything was looked at' }),
      scanned: Type.Integer({ description: 'names that this call looked at' }),
    }),
    summary: 'Names below a directory; answers after a moment with what it has, to be asked again',
  },
  'files.mkdir': {
    params: Type.Object({ path: Path, parents: Type.Optional(Type.Boolean()), token: LeaseToken }),
    result: Ok,
    summary: 'Makes a directory',
  },
  'files.move': {
    params: Type.Object({
      from: Path,
      to: Path,
      replace: Type.Optional(Type.Boolean()),
      recursive: Type.Optional(Type.Boolean({ description: 'with replace: whatever is there, a directory with all below it, too' })),
      token: LeaseToken,
    }),
    result: Ok,
    summary: 'Renames, also across directories',
  },
  'files.copy': {
    params: Type.Object({
      from: Path,
      to: Path,
      replace: Type.Optional(Type.Boolean({ description: 'whatever is there, a directory with all below it, too' })),
      shallow: Type.Optional(Type.Boolean({ description: 'of a directory only itself' })),
      token: LeaseToken,
    }),
    result: Ok,
    summary: 'Copies in one commit, with all that is below; no content is written again',
  },
  'files.setAttributes': {
    params: Type.Object({
      path: Path,
      attributes: Type.Optional(
        Type.Record(Type.String({ pattern: '^user\\..' }), Type.Union([Type.String({ maxLength: 87_384 }), Type.Null()]), {
          description: 'extended attributes of programs, in base64; null removes one',
        }),
      ),
      mode: Type.Optional(Type.Integer({ minimum: 0, maximum: 0o7777 })),
      modified: Type.Optional(Seconds),
      token: LeaseToken,
    }),
    result: Ok,
    summary: 'Changes mode, time and extended attributes of an entry',
  },
  'files.remove': {
    params: Type.Object({
      paths: Type.Array(Path, { minItems: 1, maxItems: 10000 }),
      recursive: Type.Optional(Type.Boolean()),
      token: LeaseToken,
    }),
    result: Ok,
    summary: 'Removes in one commit; older versions keep them',
  },
  'files.versions': {
    params: Type.Object({ path: Path, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000 })) }),
    result: Type.Object({
      versions: Type.Array(Type.Object({ sequence: Type.Integer(), time: Seconds, entry: Type.Union([Entry, Type.Null()]) })),
    }),
    summary: 'Retained versions in which the path changed, newest first; entry null: it was not there',
  },
  'files.restore': {
    params: Type.Object({ path: Path, at: At, to: Type.Optional(Path), token: LeaseToken }),
    result: Ok,
    summary: 'Makes an older version the newest',
  },
  'files.setClass': {
    params: Type.Object({ path: Path, redundancyClass: Type.Union([Type.String(), Type.Null()]), token: LeaseToken }),
    result: Ok,
    summary: 'Redundancy class for what is written below from now on',
  },
  'files.importLocal': {
    params: Type.Object({
      locals: Type.Array(Type.String({ description: 'absolute local path' }), { minItems: 1, maxItems: 10000 }),
      path: Path,
      /** 'into': a local `a/b` becomes PATH/b; 'as': the one local becomes PATH itself. */
      place: Type.Union([Type.Literal('into'), Type.Literal('as')]),
      randomAccess: Type.Optional(Type.Boolean({ description: '64 KiB chunks' })),
      waitForSpread: Type.Optional(Type.Boolean()),
      token: LeaseToken,
    }),
    result: TransferReport,
    long: true,
    summary: 'Copies local files in; the node reads them itself. Repeating it skips what is there: so it resumes',
  },
  'files.exportLocal': {
    params: Type.Object({
      path: Path,
      local: Type.String({ description: 'absolute; a directory that is there already: into it, under its own name' }),
      at: At,
    }),
    result: TransferReport,
    long: true,
    summary: 'Copies files out to a local path that the node writes itself',
  },
  'files.openRead': {
    params: Type.Object({
      path: Path,
      at: At,
      offset: Type.Optional(Type.Integer({ minimum: 0 })),
      lengthBytes: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    result: Type.Object({ stream: Type.Integer(), sizeBytes: Type.Integer() }),
    summary: 'Opens a read stream',
  },
  'files.openWrite': {
    params: Type.Object({
      path: Path,
      modified: Type.Optional(Seconds),
      mode: Type.Optional(Type.Integer()),
      replace: Type.Optional(Type.Boolean()),
    }),
    result: Type.Object({ stream: Type.Integer() }),
    summary: 'Opens a write stream; the file appears when it is closed',
  },
  'stream.read': {
    params: Type.Object({ stream: Type.Integer(), maxBytes: Type.Integer({ minimum: 1, maximum: 1048576 }) }),
    result: Type.Object({ base64: Type.String(), end: Type.Boolean() }),
    summary: 'Next bytes of a read stream',
  },
  'stream.write': {
    params: Type.Object({ stream: Type.Integer(), base64: Type.String({ maxLength: 1398104 }) }),
    result: Ok,
    summary: 'Adds bytes to a write stream',
  },
  'stream.close': {
    params: Type.Object({ stream: Type.Integer(), discard: Type.Optional(Type.Boolean()) }),
    result: Ok,
    summary: 'Ends a stream; a written file is committed unless discarded',
  },
  'drives.list': { params: Empty, result: Type.Object({ drives: Type.Array(DriveInfo) }), summary: 'Drives with capacity and health' },
  'drives.find': {
    params: Type.Object({
      folders: Type.Array(Type.String(), { minItems: 1, maxItems: 64, description: 'absolute; looked at, and what usually lies in them' }),
    }),
    result: Type.Object({ found: Type.Array(FoundDrive) }),
    summary: 'Drives of any owner in these folders, by what they say of themselves; nothing is changed',
  },
  'drives.add': {
    params: Type.Object({ folder: Type.String() }),
    result: DriveInfo,
    summary: 'Takes an empty folder, or one of this owner, as a drive',
  },
  'drives.remove': {
    params: Type.Object({
      folder: Type.String({ description: 'folder or id' }),
      force: Type.Optional(Type.Boolean({ description: 'forget a drive that is gone' })),
    }),
    result: Ok,
    long: true,
    summary: 'Moves its fragments elsewhere, then forgets it',
  },
  'classes.list': {
    params: Empty,
    result: Type.Object({ classes: Type.Array(ClassInfo) }),
    summary: 'Redundancy classes and what they survive',
  },
  'classes.set': {
    params: Type.Object({
      name: Type.String({ minLength: 1, maxLength: 32 }),
      dataFragments: Type.Integer({ minimum: 1, maximum: 254 }),
      totalFragments: Type.Integer({ minimum: 1, maximum: 255 }),
    }),
    result: Ok,
    summary: 'Fixes k of n for packs written from now on',
  },
  'doctor.run': {
    params: Type.Object({ repair: Type.Optional(Type.Boolean()) }),
    result: DoctorReport,
    long: true,
    summary: 'Reads and verifies everything, and mends it',
  },
  'store.collect': {
    params: Empty,
    result: Type.Object({ freedBytes: Type.Integer(), movedBytes: Type.Integer(), packsRemoved: Type.Integer() }),
    long: true,
    summary: 'Prunes versions by the retention rules, frees what nothing keeps',
  },
  'store.settle': { params: Empty, result: Ok, long: true, summary: 'Resolves when every pack is on all its drives' },
  'retention.get': {
    params: Empty,
    result: Type.Object({
      keepAllHours: Type.Integer(),
      hourlyDays: Type.Integer(),
      dailyDays: Type.Integer(),
      trashDays: Type.Integer({ description: 'how long what is in the trash stays there' }),
    }),
    summary: 'Which versions are kept, and for how long the trash',
  },
  'retention.set': {
    params: Type.Object({
      keepAllHours: Type.Integer({ minimum: 0 }),
      hourlyDays: Type.Integer({ minimum: 0 }),
      dailyDays: Type.Integer({ minimum: 0 }),
      trashDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36500 })),
    }),
    result: Ok,
    summary: 'Sets which versions are kept, and for how long the trash',
  },
  'key.backup': {
    params: Type.Object({ passphrase: Type.String() }),
    result: Type.Object({ fileBase64: Type.String({ description: 'an age file' }) }),
    summary: 'The root key as an age file under a passphrase',
  },
  'key.words': { params: Empty, result: Type.Object({ words: Type.String() }), summary: 'The 24 words' },
  'key.open': {
    params: Type.Object({
      words: Type.Optional(Type.String({ maxLength: 1024 })),
      fileBase64: Type.Optional(Type.String({ maxLength: 65536, description: 'an age file; needs the passphrase' })),
      passphrase: Type.Optional(Type.String({ maxLength: 1024 })),
    }),
    result: Type.Object({ words: Type.String(), principal: Type.String() }),
    summary: 'Reads a root key from typed words or from its backup file, and changes nothing; the words come back tidied',
  },
  'key.markBackedUp': { params: Empty, result: Ok, summary: 'Remembers that the owner has a backup' },
  'events.next': {
    params: Type.Object({
      after: Type.Integer({ minimum: 0, description: '0: from now' }),
      waitMs: Type.Integer({ minimum: 0, maximum: 60000 }),
    }),
    result: Type.Object({
      last: Type.Integer(),
      events: Type.Array(
        Type.Object({
          number: Type.Integer(),
          kind: Type.Union([
            Type.Literal('changed'),
            Type.Literal('drive'),
            Type.Literal('repair'),
            Type.Literal('conflict'),
            Type.Literal('missed'),
          ]),
          path: Type.Optional(Type.String()),
          text: Type.Optional(Type.String()),
        }),
      ),
    }),
    summary: 'Waits for what happens next (change events and others)',
  },
  ...shareMethods,
  ...appPasswordMethods,
  ...programMethods,
  ...peerMethods,
  ...outlookMethods,
  ...folderMethods,
  ...clusterMethods,
  ...trashMethods,
  ...thumbnailMethods,
  ...photoMethods,
  ...powerMethods,
  ...storageMethods,
  ...blockTreeMethods,
  ...machineMethods,
  ...boxCalls,
} as const satisfies MethodSchemas

export type Methods = typeof methods
export type MethodName = keyof Methods
export type Params<Name extends MethodName> = Static<Methods[Name]['params']>
export type Result<Name extends MethodName> = Static<Methods[Name]['result']>

export interface CallOptions {
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** A running node as seen by its clients, in this process or through a socket. */
export interface Control {
  call<Name extends MethodName>(name: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>>
}
