import type { ClusterStatus, InvitationInfo } from '@holt/control/cluster.ts'
import { HoltError } from '@holt/core/errors.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import type { Cluster, ClusterNode } from '@holt/network/cluster/cluster.ts'
import { compareClocks } from '@holt/network/cluster/line.ts'
import type { Invitation } from '@holt/network/pairing/joining-host.ts'
import { showPairingCode } from '@holt/network/pairing/pairing-code.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { splitPath } from '@holt/tree/names.ts'
import type { Methods } from '../method-table.ts'
import { linkOf } from './peer-info.ts'
import type { NodePeers } from './node-peers.ts'

type ClusterMethod =
  | 'cluster.show'
  | 'cluster.setName'
  | 'cluster.setVoters'
  | 'cluster.invite'
  | 'cluster.invitation'
  | 'cluster.endInvitation'
  | 'cluster.lease'
  | 'cluster.release'

/** Calls on the owner's nodes together. */
export function clusterMethods(peers: NodePeers): Methods<ClusterMethod> {
  const running = (): Cluster => {
    const { cluster } = peers.running()
    if (cluster === null) throw new HoltError('PEER_UNREACHABLE', 'this node shares its files with no other: its log says why')
    return cluster
  }
  const show = (): ClusterStatus => statusOf(peers.network, peers.missingBlocks)
  return {
    'cluster.show': async () => show(),
    'cluster.setName': async ({ name }) => {
      await running().setName(name.trim())
      return show()
    },
    'cluster.setVoters': async ({ nodes }) => {
      const cluster = running()
      const voters = [...new Set(nodes)].map(principalFromText)
      const known = new Set([peers.running().host.self, ...cluster.nodes().map(({ node }) => node)].map(principalToText))
      const stranger = nodes.find((node) => !known.has(node))
      if (stranger !== undefined)
        throw new HoltError('NOT_FOUND', 'only your own nodes vote, and this is none that is known', { node: stranger })
      await cluster.leadership.setVoters(voters)
      return show()
    },
    'cluster.invite': async () => invitationInfo(peers.running().invite(), peers.running()),
    'cluster.invitation': async () => {
      const network = peers.running()
      return { shown: network.invitation === null ? null : invitationInfo(network.invitation, network) }
    },
    'cluster.endInvitation': async () => {
      peers.running().endInvitation()
      return {}
    },
    'cluster.lease': async ({ path, seconds }) => {
      splitPath(path)
      const { token, lastsMs } = await running().leadership.acquire(path, seconds * 1000)
      return { path, token, seconds: Math.max(1, Math.floor(lastsMs / 1000)) }
    },
    'cluster.release': async (lease) => {
      await running().leadership.release(lease)
      return {}
    },
  }
}

function invitationInfo({ code: open, endsMs, triesLeft, joined }: Invitation, { host }: PeerNetwork): InvitationInfo {
  const code = showPairingCode(open)
  return {
    code,
    link: linkOf(code, host.addresses()),
    ends: Math.floor(endsMs / 1000),
    triesLeft,
    joined: joined === null ? null : principalToText(joined),
  }
}

function statusOf(network: PeerNetwork | null, missingBlocks: number): ClusterStatus {
  const cluster = network?.cluster ?? null
  if (network === null || cluster === null)
    return { running: false, self: null, name: '', nodes: [], voters: [], leader: null, leases: [], missingBlocks, merged: [] }
  const { leadership } = cluster
  const names = new Map(network.peers().map(({ peer, name }) => [principalToText(peer), name]))
  return {
    running: true,
    self: principalToText(network.host.self),
    name: cluster.names.self,
    nodes: cluster
      .nodes()
      .map((node) => ({ ...nodeInfo(cluster, node), name: cluster.names.of(node.node) ?? names.get(principalToText(node.node)) ?? null })),
    voters: leadership.voters?.nodes.map(principalToText) ?? [],
    leader: leadership.leader === null ? null : principalToText(leadership.leader),
    leases: leadership.leases().map(({ path, holder, token }) => ({ path, holder: principalToText(holder), token })),
    missingBlocks,
    merged: cluster.merged.map(({ path, at, by }) => ({ path, at, by: principalToText(by) })),
  }
}

function nodeInfo({ line: own }: Cluster, { node, line, heardMs, problem }: ClusterNode) {
  const standing = own === null || line === null ? ('unknown' as const) : compareClocks(line.clock, own.clock)
  return { peer: principalToText(node), standing, heard: heardMs === null ? null : Math.floor(heardMs / 1000), problem }
}
