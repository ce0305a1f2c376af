import { equalBytes, fromHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'
import type { NodePeers } from './node-peers.ts'
import { codeInfo, mustBeAddress, peerInfo, placeOf, readCodeOrLink } from './peer-info.ts'

type PeerMethod =
  | 'peers.list'
  | 'peers.set'
  | 'peers.reach'
  | 'peers.showCode'
  | 'peers.code'
  | 'peers.hideCode'
  | 'peers.pair'
  | 'peers.share'
  | 'peers.end'

/** Calls on other nodes. */
export function peerMethods(peers: NodePeers, tree: () => OpenTree): Methods<PeerMethod> {
  const shown = () => {
    const network = peers.running()
    return network.shownCode === null ? null : codeInfo(network.shownCode, network)
  }
  return {
    'peers.list': async () => peers.status(tree()),
    'peers.set': async ({ on }) => {
      await peers.set(tree(), on)
      return peers.status(tree())
    },
    'peers.reach': async ({ reach }) => {
      for (const address of reach?.start ?? []) placeOf(address)
      for (const address of reach?.announce ?? []) mustBeAddress(address)
      await peers.reach(tree(), reach)
      return peers.status(tree())
    },
    'peers.showCode': async (wanted) => codeInfo(peers.running().showCode(wanted), peers.running()),
    'peers.code': async () => ({ shown: shown() }),
    'peers.hideCode': async () => {
      peers.running().hideCode()
      return {}
    },
    'peers.pair': async ({ code: typed, relation, name, at = [] }, { signal }) => {
      const network = peers.running()
      const { code, at: places } = readCodeOrLink(typed)
      const { id } = await network.join({ code, relation, name, at: [...at, ...places].map(placeOf), ...(signal ? { signal } : {}) })
      const peer = network.peers().find((one) => one.relation !== null && equalBytes(one.relation.id, id))
      if (peer === undefined) throw new TypeError('a relation was made with nobody')
      return peerInfo(peer, network)
    },
    'peers.share': async ({ id, give, mostBytes }) => {
      const { fragments, relations, host } = peers.running()
      const kept = relations.get(fromHex(id) as Uint8Array)
      if (kept?.ended !== null || kept.relation.relation !== 'friend' || fragments === null)
        throw new HoltError('NOT_FOUND', 'there is no such friend')
      const { owner } = relations.other(kept.relation, host.self)
      await fragments.terms.set({ owner, give, mostBytes })
      fragments.spreading.soon()
      return fragments.balance(owner)
    },
    'peers.end': async ({ id }) => {
      await peers.running().endRelation(fromHex(id) as Uint8Array)
      return {}
    },
  }
}
