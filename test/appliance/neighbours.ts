import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlClient } from '@holt/control/control-client.ts'
import { connectControl } from '@holt/control/node/socket.ts'
import type { PeersStatus } from '@holt/control/peers.ts'
import { Lab, until } from './lab.ts'

/** How bad a line is, in each direction. */
export interface BadLine {
  delayMs: number
  jitterMs: number
  lossPercent: number
}

const badLine = join(import.meta.dirname, 'bad-line.py')
const dist = join(import.meta.dirname, '../../dist')

/** As any home router: whoever is inside may begin, nobody outside, and all look like one. */
const routerRules = `
table inet router {
  chain forward { type filter hook forward priority 0; policy drop
    iifname != "eth0" accept
    ct state established,related accept
  }
  chain input { type filter hook input priority 0; policy drop
    ct state established,related accept
    iifname != "eth0" accept
  }
  chain outside { type nat hook postrouting priority 100
    oifname "eth0" masquerade random
  }
}
`

interface StartOptions {
  clockAheadMs?: number
  /** Sets a new one up. */
  begin?: (node: ControlClient) => Promise<unknown>
}

const setUp = (node: ControlClient): Promise<unknown> => node.call('node.init', {})

/** What a program of Node's takes for the time of day. */
const aheadBy = (ms: number): string => `
const Real = Date
globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + ${ms})
    else super(...given)
  }
  static now() {
    return Real.now() + ${ms}
  }
}
`

/** Nodes in places of their own, all on one network of private addresses, each commanded through their sockets. */
export class Neighbours {
  readonly lab: Lab
  /** Places that have a bad one. */
  readonly #lines = new Set<string>()
  readonly #nodes = new Map<string, ControlClient>()
  #got = 0

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
  async settle(name: string, address: string, line: BadLine | null = null): Promise<void> {
    await this.lab.addPlace(name, { port: `to-${name}` })
    await this.lab.must('ip', ['link', 'set', `to-${name}`, 'up'])
    if (line !== null) await this.#badLine(name, line)
    await this.cut(name, false)
    await this.lab.must('ip', ['address', 'add', address, 'dev', 'eth0'], name)
  }

  /** A place behind a router of its own, which hides it: others on the street see `outside` and get in only where it began. */
  async settleBehindRouter(name: string, outside: string): Promise<void> {
    const router = `router-${name}`
    await this.lab.addPlace(router, { port: `to-r-${name}` })
    await this.lab.must('ip', ['link', 'set', `to-r-${name}`, 'master', 'street0', 'up'])
    await this.lab.must('ip', ['address', 'add', outside, 'dev', 'eth0'], router)
    await this.lab.addPlace(name, { port: `to-${name}` })
    await this.lab.must('ip', ['link', 'set', `to-${name}`, 'netns', router])
    await this.lab.must('ip', ['link', 'set', `to-${name}`, 'up'], router)
    await this.lab.must('ip', ['address', 'add', '192.168.1.1/24', 'dev', `to-${name}`], router)
    await this.lab.must('sysctl', ['-qw', 'net.ipv4.ip_forward=1'], router)
    await this.lab.must('nft', ['-f', this.lab.write(`${router}.nft`, routerRules)], router)
    await this.lab.must('ip', ['address', 'add', '192.168.1.2/24', 'dev', 'eth0'], name)
    await this.lab.must('ip', ['route', 'add', 'default', 'via', '192.168.1.1'], name)
  }

  /** Takes the place off the street in the middle of its cable, or joins it again: neither end sees that anything has changed. */
  async cut(name: string, isCut: boolean): Promise<void> {
    const port = this.#lines.has(name) ? `of-${name}` : `to-${name}`
    await this.lab.must('ip', isCut ? ['link', 'set', port, 'nomaster'] : ['link', 'set', port, 'master', 'street0', 'up'])
  }

  /** Another address in the place of the one that it has. In this order: with a network's first address its others go. */
  async move(name: string, from: string, to: string): Promise<void> {
    await this.lab.must('ip', ['address', 'del', from, 'dev', 'eth0'], name)
    await this.lab.must('ip', ['address', 'add', to, 'dev', 'eth0'], name)
  }

  /** From the place's cable to a second one, whose other end is `of-NAME`. */
  async #badLine(name: string, { delayMs, jitterMs, lossPercent }: BadLine): Promise<void> {
    await this.lab.must('ip', ['link', 'add', `of-${name}`, 'type', 'veth', 'peer', 'name', `by-${name}`])
    for (const port of [`of-${name}`, `by-${name}`]) await this.lab.must('ip', ['link', 'set', port, 'up'])
    for (const [port, place] of [
      ['eth0', name],
      [`of-${name}`, undefined],
    ] as const)
      await this.lab.must('/usr/bin/python3', [badLine, port], place)
    const numbers = [delayMs, jitterMs, lossPercent, this.#lines.size + 1].map(String)
    const said = this.lab.start('/usr/bin/python3', [badLine, `to-${name}`, `by-${name}`, ...numbers])
    await until('the line', async () => said().includes('ready')).catch((cause: unknown) => {
      throw new Error(said(), { cause })
    })
    this.#lines.add(name)
  }

  /** The node of that place begins, and is set up when it is new. Its clock may be wrong. */
  async start(name: string, { clockAheadMs = 0, begin = setUp }: StartOptions = {}): Promise<void> {
    mkdirSync(this.#data(name), { recursive: true })
    const clock = clockAheadMs === 0 ? [] : ['--import', this.lab.write(`clock-${name}.mjs`, aheadBy(clockAheadMs))]
    const said = this.lab.start(process.execPath, [...clock, join(dist, 'daemon.mjs'), '--data', this.#data(name), '--no-page'], name)
    const node = await until(`the node of ${name}`, () => this.#answering(name), 60).catch((cause: unknown) => {
      throw new Error(said(), { cause })
    })
    this.#nodes.set(name, node)
    if ((await node.call('node.status', {})).state === 'new') await begin(node)
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

  /** Into the tree of that node, durable when it resolves. */
  async put(name: string, path: string, content: string | Uint8Array): Promise<void> {
    const local = join(this.lab.folder, `put-${name}`)
    writeFileSync(local, content)
    await this.node(name).call('files.importLocal', { locals: [local], path, place: 'as' })
  }

  /** Null when it is not there, or cannot be had now. */
  async get(name: string, path: string, at?: number): Promise<Buffer | null> {
    const local = join(this.lab.folder, `got-${name}-${this.#got++}`)
    try {
      await this.node(name).call('files.exportLocal', { path, local, ...(at === undefined ? {} : { at }) })
      return readFileSync(local)
    } catch {
      return null
    } finally {
      rmSync(local, { force: true })
    }
  }

  close(): Promise<void> {
    for (const node of this.#nodes.values()) node.close()
    return this.lab.close()
  }

  #data(name: string): string {
    return join(this.lab.folder, name)
  }
}
