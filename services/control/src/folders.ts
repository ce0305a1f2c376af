import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { Path } from './tree-types.ts'

const Empty = Type.Object({})
const Seconds = Type.Integer({ minimum: 0, maximum: 1e12, description: 'seconds since 1970' })
const FolderId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'of the shared folder: hex' })
const RequestId = Type.String({ pattern: '^[0-9a-f]{16}$', description: 'hex' })
const GrantId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'serial of a writecap: hex' })
const Friend = Type.String({ minLength: 1, maxLength: 128, description: 'PeerId text form of the friend, the owner of the other node' })
const Inside = Type.String({ minLength: 1, maxLength: 1024, description: "path within the shared folder; '/' is all of it" })
const Until = Type.Union([Seconds, Type.Null()], { description: 'the last second in which it holds; null: until it is taken back' })
const Depth = Type.Integer({ minimum: 0, maximum: 15, description: 'how often it may be handed on' })
const Note = Type.String({ maxLength: 100, description: 'for the owner' })

export const FolderGrant = Type.Object({ id: GrantId, friend: Friend, path: Inside, expires: Until, depth: Depth })
export type FolderGrant = Static<typeof FolderGrant>

export const FolderRequest = Type.Object({
  id: RequestId,
  friend: Friend,
  name: Type.String(),
  path: Inside,
  note: Type.String(),
  made: Seconds,
})
export type FolderRequest = Static<typeof FolderRequest>

export const GivenFolderInfo = Type.Object({
  id: FolderId,
  path: Path,
  here: Type.Boolean({ description: 'this node looks after it; else another one of its owner' }),
  missing: Type.Boolean({ description: 'there is no folder at its path: what friends have stays as it is' }),
  readers: Type.Array(Type.Object({ friend: Friend, name: Type.String(), since: Seconds })),
  grants: Type.Array(FolderGrant, { description: 'who may write, and where' }),
  requests: Type.Array(FolderRequest, { description: 'who would like to' }),
})
export type GivenFolderInfo = Static<typeof GivenFolderInfo>

export const TakenFolderInfo = Type.Object({
  id: FolderId,
  friend: Friend,
  name: Type.String({ description: 'what the friend called its node' }),
  label: Type.String({ description: 'what the friend calls the folder' }),
  state: Type.Union(
    [
      Type.Literal('offered'),
      Type.Literal('coming'),
      Type.Literal('here'),
      Type.Literal('missing'),
      Type.Literal('ended'),
      Type.Literal('declined'),
    ],
    {
      description:
        'offered: not answered. coming: it was taken, and is not here yet. missing: its folder here is gone. ended: the friend shares it no more; what is here stays',
    },
  ),
  path: Type.Union([Path, Type.Null()], { description: 'where it is here' }),
  writable: Type.Array(Inside, { description: 'what may be changed in it' }),
  writeEnds: Type.Union([Seconds, Type.Null()], { description: 'when the last right to write ends; null: none has an end' }),
  handOn: Type.Integer({ minimum: 0, description: 'how often a right to write in it may be handed on from here; 0: not' }),
  lost: Type.Union([Type.Literal('CAP_REVOKED'), Type.Literal('CAP_EXPIRED'), Type.Null()], {
    description: 'how the right to write was lost, when it was and is not there again',
  }),
  unsent: Type.Boolean({ description: 'something in it was changed here that the friend does not have' }),
  asked: Type.Array(Type.Object({ path: Inside, refused: Type.Boolean() })),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'a code: why it is not as the friend has it' }),
})
export type TakenFolderInfo = Static<typeof TakenFolderInfo>

export const FoldersStatus = Type.Object({
  running: Type.Boolean({ description: 'false: the node is not among others now, and nothing is known' }),
  given: Type.Array(GivenFolderInfo),
  taken: Type.Array(TakenFolderInfo),
})
export type FoldersStatus = Static<typeof FoldersStatus>

const Right = { path: Inside, expires: Type.Optional(Until), depth: Type.Optional(Depth) }

/** Folders that friends read, and may be let write. */
export const folderMethods = {
  'folders.list': { params: Empty, result: FoldersStatus, summary: 'Folders that are shared with friends, and those that friends share' },
  'folders.share': {
    params: Type.Object({ path: Path, friend: Friend }),
    result: GivenFolderInfo,
    summary: 'Lets a friend read a folder, as it is whenever it changes',
  },
  'folders.unshare': {
    params: Type.Object({ id: FolderId, friend: Type.Optional(Friend) }),
    result: Empty,
    summary: 'Shuts a friend out of a folder, or all: what is written from then on has new keys; what was read cannot be taken back',
  },
  'folders.letWrite': {
    params: Type.Object({ id: FolderId, friend: Friend, ...Right }),
    result: GivenFolderInfo,
    summary: 'Lets a friend who reads a folder write at a path in it and below',
  },
  'folders.revoke': {
    params: Type.Object({ id: FolderId, grant: GrantId }),
    result: Empty,
    summary: 'Takes a right to write back; what was written stays',
  },
  'folders.approve': {
    params: Type.Object({ id: FolderId, request: RequestId, ...Right }),
    result: GivenFolderInfo,
    summary: 'Answers a request with a right to write, which may be another than was asked for',
  },
  'folders.refuse': {
    params: Type.Object({ id: FolderId, request: RequestId }),
    result: Empty,
    summary: 'Refuses a request; it can be made again a day later',
  },
  'folders.takeOver': {
    params: Type.Object({ id: FolderId }),
    result: Empty,
    summary: 'This node looks after a shared folder from now on: the one that did is no more',
  },
  'folders.accept': {
    params: Type.Object({ id: FolderId }),
    result: Empty,
    summary: 'Takes a folder that a friend shares: it comes to /shared, and follows what changes',
  },
  'folders.decline': { params: Type.Object({ id: FolderId }), result: Empty, summary: 'Does not take it, and does not show it again' },
  'folders.leave': {
    params: Type.Object({ id: FolderId }),
    result: Empty,
    summary: 'Follows a folder of a friend no more; what is here stays, as a folder like any other',
  },
  'folders.handOn': {
    params: Type.Object({ id: FolderId, friend: Friend, ...Right }),
    result: Empty,
    summary: "Hands a right to write, or a part of it, on to somebody who reads the folder too; it ends no later than one's own",
  },
  'folders.ask': {
    params: Type.Object({ id: FolderId, path: Inside, note: Type.Optional(Note) }),
    result: Empty,
    summary: 'Asks the owner of a folder to be let write at a path in it and below',
  },
} as const satisfies MethodSchemas
