import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlClient } from '@holt/control/control-client.ts'
import { connectControl } from '@holt/control/node/socket.ts'
import type { PeersStatus } from '@holt/control/peers.ts'
import { Lab, until } from './lab.ts'

const dist = join(import.meta.dirname, '../../dist')

/** Nodes in places of their own, all on one network of private addresses, each commanded through their sockets. */
export class Neighbours {
  readonly lab: Lab
  readonly #nodes = new Map<string, ControlClient>()

  private constructor(lab: Lab) {
    this.lab = lab
  }

  /** The network is a bridge in the first place, where nobody is. */
  static async open(): Promise<Neighbours> {
    const lab = await Lab.open()
    await lab.must('ip', ['link', 'add', 'street0', 'type', 'bridge'])
    await lab.must('ip', ['link', 'set', 'street0', 'up'])
    return new Neighbours(lab)
  }

  /** A place with one more node-to-be. */
  async settle(name: string, address: string): Promise<void> {
    await this.lab.addPlace(name, { port: `to-${name}` })
    await this.lab.must('ip', ['link', 'set', `to-${name}`, 'master', 'street0', 'up'])
    await this.lab.must('ip', ['address', 'add', address, 'dev', 'eth0'], name)
  }

  /** The node of that place begins, and is set up when it is new. */
  async start(name: string): Promise<void> {
    mkdirSync(this.#data(name), { recursive: true })
    const said = this.lab.start(process.execPath, [join(dist, 'daemon.mjs'), '--data', this.#data(name), '--no-page'], name)
    const node = await until(`the node of ${name}`, () => this.#answering(name), 60).catch((cause: unknown) => {
      throw new Error(said(), { cause })
    })
    this.#nodes.set(name, node)
    if ((await node.call('node.status', {})).state === 'new') await node.call('node.init', {})
    await until(`${name} among others`, async () => (await this.peers(name)).running, 60)
  }

  /** Sockets of files know nothing of namespaces. */
  async #answering(name: string): Promise<ControlClient | null> {
    return connectControl(this.#data(name)).catch(() => null)
  }

  /** kill -9 */
  async kill(name: string): Promise<void> {
    const { pid } = await this.node(name).call('node.status', {})
    await this.lab.must('kill', ['-9', String(pid)])
    this.node(name).close()
    await until(`the end of the node of ${name}`, async () => {
      const still = await this.#answering(name)
      still?.close()
      return still === null
    })
  }

  node(name: string): ControlClient {
    return this.#nodes.get(name) as ControlClient
  }

  peers(name: string): Promise<PeersStatus> {
    return this.node(name).call('peers.list', {})
  }

  close(): Promise<void> {
    for (const node of this.#nodes.values()) node.close()
    return this.lab.close()
  }

  #data(name: string): string {
    return join(this.lab.folder, name)
  }
}
