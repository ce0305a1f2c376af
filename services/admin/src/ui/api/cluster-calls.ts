import type { ClusterNodeInfo, ClusterStatus, InvitationInfo } from '@holt/control/cluster.ts'
import { sendJson } from './request.ts'

export type { ClusterNodeInfo, ClusterStatus, InvitationInfo }

/** Calls on the owner's own nodes. Each may throw a Refusal. */
export const clusterApi = {
  show: () => sendJson<ClusterStatus>('GET', 'api/cluster'),
  setName: (name: string) => sendJson<ClusterStatus>('PUT', 'api/cluster/name', { body: { name } }),
  setVoters: (nodes: readonly string[]) => sendJson<ClusterStatus>('PUT', 'api/cluster/voters', { body: { nodes } }),
  invite: () => sendJson<InvitationInfo>('POST', 'api/cluster/invitation', { body: {} }),
  invitation: () => sendJson<{ shown: InvitationInfo | null }>('GET', 'api/cluster/invitation'),
  endInvitation: () => sendJson<void>('DELETE', 'api/cluster/invitation'),
}
