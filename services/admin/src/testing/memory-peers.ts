import type { Outlook } from '@holt/control/outlook.ts'
import type { PairingCodeInfo, PeerInfo, PeersStatus } from '@holt/control/peers.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }

const PEER = '12D3KooWMemoryPeerMemoryPeerMemoryPeerMemoryPeerMemo'

const NO_SHARE = { give: false, givenBytes: 0, heldBytes: 0, mostBytes: 1 << 30, fixedBytes: null }

const NO_OUTLOOK: Outlook = {
  friends: 0,
  circles: 0,
  settled: true,
  homePerYear: 0.05,
  friendPerYear: 0.1,
  goneAfterSeconds: 14 * 86_400,
  repairBytesPerSecond: 4 << 20,
  here: null,
  classes: [],
}

/** Other nodes of a node in memory: nobody is there but who a test says. */
export class MemoryPeers {
  on = true
  peers: PeerInfo[] = []
  shown: PairingCodeInfo | null = null
  outlook: Outlook = { ...NO_OUTLOOK }
  /** The code that `peers.pair` takes. */
  code = 'K7M2-9XPQ'

  readonly handlers: Handlers = {
    'peers.list': async () => this.#status(),
    'peers.set': async ({ on }) => {
      this.on = on
      return this.#status()
    },
    'peers.showCode': async ({ relation }) => {
      const ends = Math.floor(Date.now() / 1000) + 600
      this.shown = { code: 'AB12-CD34', link: 'holt:pair?code=AB12-CD34', relation, ends, triesLeft: 3, paired: null }
      return this.shown
    },
    'peers.code': async () => ({ shown: this.shown }),
    'peers.hideCode': async () => {
      this.shown = null
      return {}
    },
    'peers.pair': async ({ code, relation }) => {
      if (code.toUpperCase() !== this.code) throw new HoltError('PAIRING_FAILED', 'the code is wrong', { triesLeft: 2 })
      return this.join("Anna's box", relation)
    },
    'peers.share': async ({ id, give, mostBytes }) => {
      const peer = this.peers.find(({ relation }) => relation?.id === id)
      if (!peer?.relation || peer.relation.relation !== 'friend') throw new HoltError('NOT_FOUND', 'there is no such friend')
      peer.relation.share = {
        ...(peer.relation.share ?? NO_SHARE),
        give,
        mostBytes: mostBytes ?? NO_SHARE.mostBytes,
        fixedBytes: mostBytes,
      }
      return peer.relation.share
    },
    'peers.outlook': async () => this.outlook,
    'peers.place': async ({ of, place }) => {
      if (of === null) this.outlook = { ...this.outlook, here: place }
      for (const peer of this.peers.filter((one) => one.peer === of || one.relation?.owner === of)) {
        if (place === null) delete peer.place
        else peer.place = place
      }
      return {}
    },
    'peers.wish': async ({ redundancyClass, nines }) => {
      const classes = this.outlook.classes.map((one) => (one.redundancyClass === redundancyClass ? { ...one, nines: nines ?? 11 } : one))
      this.outlook = { ...this.outlook, classes }
      return this.outlook
    },
    'peers.repair': async ({ goneAfterSeconds, bytesPerSecond }) => {
      if (goneAfterSeconds !== undefined) this.outlook = { ...this.outlook, goneAfterSeconds }
      if (bytesPerSecond !== undefined) this.outlook = { ...this.outlook, repairBytesPerSecond: bytesPerSecond }
      return this.outlook
    },
    'peers.end': async ({ id }) => {
      const before = this.peers.length
      this.peers = this.peers.filter(({ relation }) => relation?.id !== id)
      if (this.peers.length === before) throw new HoltError('NOT_FOUND', 'there is no such relation')
      return {}
    },
  }

  /** As if another node had paired. */
  join(name: string, relation: 'mine' | 'friend'): PeerInfo {
    const id = (this.peers.length + 1).toString(16).padStart(32, '0')
    const seen = Math.floor(Date.now() / 1000)
    const peer: PeerInfo = {
      peer: `${PEER.slice(0, -2)}${(this.peers.length + 10).toString()}`,
      name,
      own: relation === 'mine',
      relation: { id, relation, made: seen, owner: PEER, ...(relation === 'friend' && { share: { ...NO_SHARE } }) },
      connected: true,
      nearby: true,
      addresses: ['/ip4/192.168.7.2/tcp/4660'],
      seen,
      problem: null,
    }
    this.peers = [...this.peers, peer]
    if (this.shown) this.shown = { ...this.shown, paired: peer.peer }
    return peer
  }

  #status(): PeersStatus {
    const addresses = this.on ? [`/ip4/192.168.7.1/tcp/4660/p2p/${PEER}`] : []
    return {
      on: this.on,
      reach: null,
      running: this.on,
      self: this.on ? PEER : null,
      addresses,
      problem: null,
      peers: this.on ? this.peers : [],
    }
  }
}
