import type { FoldersStatus, GivenFolderInfo, TakenFolderInfo } from '@holt/control/folders.ts'
import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Principal, principalFromText, principalToText } from '@holt/core/principal.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import type { GivenFolder, TakenFolder } from '@holt/network/sharing/folder-record.ts'
import type { OfferedFolder } from '@holt/network/sharing/folder-taker.ts'
import { lastOf } from '@holt/network/sharing/requests.ts'
import type { Sharing } from '@holt/network/sharing/sharing.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'
import type { NodePeers } from './node-peers.ts'

type FolderMethod =
  | 'folders.list'
  | 'folders.share'
  | 'folders.unshare'
  | 'folders.letWrite'
  | 'folders.revoke'
  | 'folders.approve'
  | 'folders.refuse'
  | 'folders.takeOver'
  | 'folders.accept'
  | 'folders.decline'
  | 'folders.leave'
  | 'folders.ask'
  | 'folders.handOn'

/** Calls on folders that are shared with friends. */
export function folderMethods(peers: NodePeers, tree: () => OpenTree): Methods<FolderMethod> {
  const sharing = (): Sharing => sharingOf(peers.running())
  const given = (id: string): Promise<GivenFolderInfo> => givenInfo(sharing(), tree(), [id, sharing().giver.get(id)])
  const right = <R extends { path: string; expires?: number | null; depth?: number }>({ path, expires, depth }: R) => ({
    path,
    expires: expires ?? null,
    depth: depth ?? 0,
  })
  return {
    'folders.list': () => statusOf(peers.network, tree()),
    'folders.share': async ({ path, friend }) => {
      const owner = principalFromText(friend)
      const id = await sharing().owner.give(path, { owner, name: nameOf(peers.running(), owner) })
      return given(id)
    },
    'folders.unshare': async ({ id, friend }) => {
      if (friend === undefined) await sharing().owner.end(id)
      else await sharing().owner.takeBack(id, principalFromText(friend))
      return {}
    },
    'folders.letWrite': async ({ id, friend, ...rest }) => {
      await sharing().owner.letWrite(id, { subject: principalFromText(friend), ...right(rest) })
      return given(id)
    },
    'folders.revoke': async ({ id, grant }) => {
      await sharing().owner.revoke(id, fromHex(grant) as Uint8Array)
      return {}
    },
    'folders.approve': async ({ id, request, ...rest }) => {
      await sharing().owner.approve(id, fromHex(request) as Uint8Array, right(rest))
      return given(id)
    },
    'folders.refuse': async ({ id, request }) => {
      await sharing().owner.refuse(id, fromHex(request) as Uint8Array)
      return {}
    },
    'folders.takeOver': async ({ id }) => {
      await sharing().owner.takeOver(id)
      return {}
    },
    'folders.accept': async ({ id }) => {
      const network = peers.running()
      await sharing().accept(id, (owner) => nameOf(network, owner))
      return {}
    },
    'folders.decline': async ({ id }) => {
      await sharing().taker.decline(id)
      return {}
    },
    'folders.leave': async ({ id }) => {
      await sharing().leave(id)
      return {}
    },
    'folders.handOn': async ({ id, friend, ...rest }) => {
      await sharing().handOn(id, { subject: principalFromText(friend), ...right(rest) })
      return {}
    },
    'folders.ask': async ({ id, path, note }) => {
      await sharing().askToWrite(id, { path, note: note ?? '' })
      return {}
    },
  }
}

function sharingOf({ sharing }: PeerNetwork): Sharing {
  if (sharing === null) throw new HoltError('PEER_UNREACHABLE', 'this node shares no folders: its log says why')
  return sharing
}

/** What the friend called its node. @throws HoltError NOT_FOUND for who is none. */
function nameOf(network: PeerNetwork, owner: Principal): string {
  for (const { relation, host, guest } of network.relations.list())
    for (const party of [host, guest])
      if (relation === 'friend' && equalBytes(party.owner, owner) && !equalBytes(owner, network.owner)) return party.name
  throw new HoltError('NOT_FOUND', 'there is no such friend', { friend: principalToText(owner) })
}

function nameOrKey(network: PeerNetwork, owner: Principal): string {
  try {
    return nameOf(network, owner)
  } catch {
    return principalToText(owner)
  }
}

async function statusOf(network: PeerNetwork | null, tree: OpenTree): Promise<FoldersStatus> {
  const sharing = network?.sharing ?? null
  if (network === null || sharing === null) return { running: false, given: [], taken: [] }
  const given = sharing.shelf.given().filter(([, { readers }]) => readers.length > 0)
  const offered = sharing.taker.offered().map((one) => offeredInfo(network, one))
  const known = sharing.shelf.taken().filter(([id]) => !offered.some((one) => one.id === id))
  return {
    running: true,
    given: await Promise.all(given.map((one) => givenInfo(sharing, tree, one))),
    taken: [...offered, ...(await Promise.all(known.map((one) => takenInfo(network, tree, one))))],
  }
}

async function isThere({ volume }: OpenTree, path: string): Promise<boolean> {
  return (
    (
      await volume
        .current()
        .stat(path)
        .catch(() => null)
    )?.t === 'd'
  )
}

async function givenInfo({ giver }: Sharing, tree: OpenTree, [id, folder]: [string, GivenFolder]): Promise<GivenFolderInfo> {
  const { path, readers, grants, requests } = folder
  const names = new Map(readers.map(({ owner, name }) => [principalToText(owner), name]))
  return {
    id,
    path,
    here: giver.isHere(folder),
    missing: !(await isThere(tree, path)),
    readers: readers.map(({ owner, name, since }) => ({ friend: principalToText(owner), name, since })),
    grants: grants
      .map(lastOf)
      .filter(({ expires }) => expires === null || tree.platform.now() / 1000 <= expires)
      .map(({ serial, subject, path: inside, expires, depth }) => ({
        id: toHex(serial),
        friend: principalToText(subject),
        path: inside,
        expires,
        depth,
      })),
    requests: requests
      .filter(({ refused }) => refused === null)
      .map(({ id: request, owner, path: inside, note, made }) => {
        const friend = principalToText(owner)
        return { id: toHex(request), friend, name: names.get(friend) ?? friend, path: inside, note, made }
      }),
  }
}

function offeredInfo(network: PeerNetwork, { id, owner, label }: OfferedFolder): TakenFolderInfo {
  const nothing = { path: null, writable: [], writeEnds: null, handOn: 0, lost: null, unsent: false, asked: [], problem: null }
  return { id, friend: principalToText(owner), name: nameOrKey(network, owner), label, state: 'offered', ...nothing }
}

async function takenInfo(network: PeerNetwork, tree: OpenTree, [id, folder]: [string, TakenFolder]): Promise<TakenFolderInfo> {
  const { owner, label, path, chains, lost, state, version } = folder
  const { taker } = sharingOf(network)
  const { unsent, problem, requests } = taker.status(id)
  const held = taker.rights.holding(folder).map(lastOf)
  const writable = held.map((right) => right.path)
  const ends = chains.flatMap((chain) => chain.at(-1)?.expires ?? [])
  const here = version === null ? ('coming' as const) : (await isThere(tree, path)) ? ('here' as const) : ('missing' as const)
  return {
    id,
    friend: principalToText(owner),
    name: nameOrKey(network, owner),
    label,
    state: state === 'taken' ? here : state,
    path: state === 'declined' ? null : path,
    writable,
    writeEnds: ends.length < chains.length || ends.length === 0 ? null : Math.max(...ends),
    handOn: Math.max(0, ...held.map(({ depth }) => depth)),
    lost: chains.length > 0 && writable.length === 0 && state === 'taken' ? 'CAP_EXPIRED' : lost,
    unsent,
    asked: requests,
    problem,
  }
}
