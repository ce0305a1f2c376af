import type { NetworkStatus, Trial } from '@holt/control/box/methods.ts'
import { networkFaults } from '@holt/control/box/network-rules.ts'
import { defaultNetworkSettings, type NetworkSettings } from '@holt/control/box/network-settings.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryBoxMachine } from './memory-box-machine.ts'

const KEY = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='

/** The network of a box in memory, for tests of the page: what is tried goes back by itself. */
export class MemoryBox {
  readonly machine: MemoryBoxMachine
  settings: NetworkSettings = defaultNetworkSettings
  byOwner = false
  trialMs = 60_000
  status: NetworkStatus = {
    oneArmed: false,
    wifi: 'wlan0',
    links: [
      { name: 'wan0', role: 'outside', up: true, addresses: ['203.0.113.20/24'], receivedBytes: 84e9, sentBytes: 12e9 },
      { name: 'lan0', role: 'lan', up: true, addresses: ['192.168.77.1/24'], receivedBytes: 12e9, sentBytes: 84e9 },
      { name: 'port1', role: 'port', up: true, addresses: [], receivedBytes: 0, sentBytes: 0 },
    ],
    online: true,
    gateway: '203.0.113.1',
    leases: [
      { mac: '02:00:00:00:00:21', address: '192.168.77.121', name: 'printer', expires: 1_800_000_000 },
      { mac: '02:00:00:00:00:22', address: '192.168.77.122', name: null, expires: 1_800_000_000 },
    ],
    phones: [],
  }
  #trial: { id: string; settings: NetworkSettings; endsMs: number } | null = null
  #trials = 0

  constructor(work = { steps: 5, stepMs: 1 }) {
    this.machine = new MemoryBoxMachine(work)
  }

  /** Of the owner's account; a test may change it behind the page's back. */
  accountPassword: string | null = null
  /** The helper does not answer. */
  helperIsGone = false

  readonly handlers: { [Name in MethodName]?: (params: Params<Name>) => Result<Name> } = {
    'box.accounts.status': () => ({ hasPassword: this.accountPassword !== null }),
    'box.accounts.setPassword': ({ password, oldPassword }) => {
      this.#reach()
      if (this.accountPassword !== null && oldPassword !== this.accountPassword)
        throw new HoltError('SIGN_IN_FAILED', 'the password is wrong')
      this.accountPassword = password
      return {}
    },
    'box.accounts.verify': ({ password }) => {
      this.#reach()
      if (password !== this.accountPassword) throw new HoltError('SIGN_IN_FAILED', 'the password is wrong')
      return {}
    },
    'box.network.get': () => ({ settings: this.settings, byOwner: this.byOwner, trial: this.#shown() }),
    'box.network.status': () => this.status,
    'box.network.set': ({ settings }) => {
      const [first] = networkFaults(settings)
      if (first !== undefined) throw new HoltError('INPUT_INVALID', `${first.field} ${first.fault}`, { field: first.field })
      this.#trial = { id: `trial ${++this.#trials}`, settings, endsMs: Date.now() + this.trialMs }
      return this.#shown() as Trial
    },
    'box.network.confirm': ({ id }) => {
      if (this.#shown()?.id !== id) throw new HoltError('CONFLICT', 'these settings are not on trial any more')
      this.settings = (this.#trial as { settings: NetworkSettings }).settings
      this.byOwner = true
      this.#trial = null
      return {}
    },
    'box.network.rollBack': () => {
      this.#trial = null
      return {}
    },
    'box.wireguard.addPhone': ({ name }) => {
      const { wireguard } = this.settings
      if (wireguard.peers.some((peer) => peer.name === name)) throw new HoltError('ALREADY_EXISTS', 'there is a phone of this name')
      const address = `192.168.79.${wireguard.peers.length + 2}`
      const peer = { name, publicKey: KEY, presharedKey: KEY, address }
      this.settings = { ...this.settings, wireguard: { ...wireguard, peers: [...wireguard.peers, peer] } }
      return {
        configuration: `[Interface]\nPrivateKey = ${KEY}\nAddress = ${address}/32\n\n[Peer]\nPublicKey = ${KEY}\nEndpoint = ${wireguard.endpoint}:51820\n`,
        address,
      }
    },
    'box.wireguard.removePhone': ({ name }) => {
      const { wireguard } = this.settings
      this.settings = { ...this.settings, wireguard: { ...wireguard, peers: wireguard.peers.filter((peer) => peer.name !== name) } }
      return {}
    },
  }

  #reach(): void {
    if (this.helperIsGone) throw new HoltError('HELPER_NOT_RUNNING', 'the helper does not answer')
  }

  #shown(): Trial | null {
    if (this.#trial !== null && this.#trial.endsMs <= Date.now()) this.#trial = null
    if (this.#trial === null) return null
    const { id, settings, endsMs } = this.#trial
    return { id, settings, remainingMs: endsMs - Date.now() }
  }
}
