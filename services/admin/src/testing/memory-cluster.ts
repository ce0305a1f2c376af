import type { ClusterStatus, InvitationInfo } from '@holt/control/cluster.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }

const SELF = '12D3KooWMemoryOwnNodeMemoryOwnNodeMemoryOwnNodeMemo'

/** The owner's other nodes of a node in memory: none is there but what a test says. */
export class MemoryCluster {
  status: ClusterStatus = {
    running: true,
    self: SELF,
    name: '',
    nodes: [],
    voters: [],
    leader: null,
    leases: [],
    missingBlocks: 0,
    merged: [],
  }
  shown: InvitationInfo | null = null
  #number = 0

  readonly handlers: Handlers = {
    'cluster.show': async () => this.status,
    'cluster.setName': async ({ name }) => (this.status = { ...this.status, name }),
    'cluster.setVoters': async ({ nodes }) => {
      const known = new Set([SELF, ...this.status.nodes.map(({ peer }) => peer)])
      if (nodes.some((node) => !known.has(node))) throw new HoltError('NOT_FOUND', 'only your own nodes vote')
      this.status = { ...this.status, voters: nodes, leader: nodes[0] ?? null }
      return this.status
    },
    'cluster.invite': async () => {
      const ends = Math.floor(Date.now() / 1000) + 600
      this.shown = { code: 'JN12-CD34', link: 'holt:pair?code=JN12-CD34', ends, triesLeft: 3, joined: null }
      return this.shown
    },
    'cluster.invitation': async () => ({ shown: this.shown }),
    'cluster.endInvitation': async () => {
      this.shown = null
      return {}
    },
    'cluster.lease': async ({ path, seconds }) => {
      if (this.status.leader === null) throw new HoltError('CONFLICT', 'nobody leads your nodes now: no leases are granted')
      const token = { term: 1, number: ++this.#number }
      this.status = { ...this.status, leases: [...this.status.leases, { path, holder: SELF, token }] }
      return { path, token, seconds }
    },
    'cluster.release': async ({ path }) => {
      this.status = { ...this.status, leases: this.status.leases.filter((lease) => lease.path !== path) }
      return {}
    },
  }

  /** As if a new node had taken the code that is shown, or another had been there before. */
  join(name: string, facts: Partial<ClusterStatus['nodes'][number]> = {}): string {
    const peer = `${SELF.slice(0, -2)}${(this.status.nodes.length + 10).toString()}`
    const heard = Math.floor(Date.now() / 1000)
    this.status = { ...this.status, nodes: [...this.status.nodes, { peer, name, standing: 'alike', heard, problem: null, ...facts }] }
    if (this.shown) this.shown = { ...this.shown, joined: peer }
    return peer
  }
}
