import { readlink } from 'node:fs/promises'
import { Child, type CommandResult, runCommand, tryCommand } from './child.ts'
import { until } from './connect.ts'

/** As root a namespace can simply be made; others get it in a user namespace, where the computer allows that. */
const newNetwork = process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--user', '--map-root-user', '--net']

/**
 * A room with cables, apart from the computer's own network: machines plug their cards in as tap devices, and hosts are network
 * namespaces of their own. It all goes with this process, as no namespace has a name.
 */
export class Lab {
  /** Runs a command where the cables and taps are: QEMU. */
  readonly prefix: readonly string[]
  readonly #switch: Child
  readonly #hosts: LabHost[] = []
  #taps = 0

  private constructor(child: Child) {
    this.#switch = child
    this.prefix = enter(child)
  }

  static async create(cables: readonly string[]): Promise<Lab> {
    const child = await namespace(newNetwork)
    const lab = new Lab(child)
    for (const cable of cables) {
      await lab.#ip('link', 'add', cable, 'type', 'bridge')
      await lab.#ip('link', 'set', cable, 'up')
    }
    return lab
  }

  /** A new tap device on a cable. @returns its name, for a machine's card. */
  async tap(cable: string): Promise<string> {
    const device = `tap${this.#taps++}`
    await this.#ip('tuntap', 'add', device, 'mode', 'tap')
    await this.#ip('link', 'set', device, 'master', cable, 'up')
    return device
  }

  /** A computer with one card, `eth0`, on a cable; it has no address yet. */
  async host(name: string, cable: string): Promise<LabHost> {
    const child = await namespace([...this.prefix, 'unshare', '--net'])
    const host = new LabHost(name, child)
    this.#hosts.push(host)
    await this.#ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(child.pid))
    await this.#ip('link', 'set', name, 'master', cable, 'up')
    await host.run(['ip', 'link', 'set', 'lo', 'up'])
    await host.run(['ip', 'link', 'set', 'eth0', 'up'])
    return host
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) await host.close()
    await this.#switch.kill()
  }

  async #ip(...args: string[]): Promise<void> {
    await runCommand(['ip', ...args], { prefix: this.prefix })
  }
}

/** What a DHCP server told a host, which has taken the address. */
export interface Lease {
  address: string
  router: string
  nameServers: string[]
  domain: string
}

/** A computer of a lab. */
export class LabHost {
  readonly name: string
  /** Runs a command on this computer. */
  readonly prefix: readonly string[]
  readonly #child: Child
  readonly #servers: Child[] = []

  constructor(name: string, child: Child) {
    this.name = name
    this.#child = child
    this.prefix = enter(child)
  }

  async run(command: readonly string[], { limitMs = 60_000 } = {}): Promise<string> {
    return await runCommand(command, { prefix: this.prefix, limitMs })
  }

  async tryRun(command: readonly string[], { limitMs = 60_000 } = {}): Promise<CommandResult> {
    return await tryCommand(command, { prefix: this.prefix, limitMs })
  }

  /** Starts a server, which runs until the lab is closed. */
  serve(command: readonly string[]): Child {
    const child = new Child(command, { prefix: this.prefix })
    this.#servers.push(child)
    return child
  }

  /** Asks for an address by DHCP and takes it, with the route; null when no server answers. */
  async lease({ limitMs = 30_000 } = {}): Promise<Lease | null> {
    const tries = String(Math.ceil(limitMs / 2000))
    const command = [
      'busybox',
      'udhcpc',
      '-i',
      'eth0',
      '-f',
      '-q',
      '-n',
      '-t',
      tries,
      '-T',
      '2',
      '-s',
      new URL('take-lease.sh', import.meta.url).pathname,
    ]
    const { code, output } = await this.tryRun(command, { limitMs: limitMs + 20_000 })
    const said = output.match(/^lease (\S+) (\S*) "(.*)" "(.*)"$/m)
    if (code !== 0 || said === null) return null
    const [, address = '', router = '', nameServers = '', domain = ''] = said
    return { address, router, nameServers: nameServers.split(' '), domain }
  }

  /** @returns status 0 when there was no answer, with curl's reason as the body. */
  async get(address: string, { limitMs = 30_000, options = [] as readonly string[] } = {}): Promise<{ status: number; body: string }> {
    const command = ['curl', '-sS', '-m', String(limitMs / 1000), '-w', '\n%{http_code}', ...options, address]
    const { code, output } = await this.tryRun(command, { limitMs: limitMs + 10_000 })
    const [, body = '', status = '0'] = output.match(/^([^]*)\n(\d+)$/) ?? []
    return code === 0 ? { status: Number(status), body } : { status: 0, body: output }
  }

  /** Looks a name up at a name server. @returns its addresses; none when there is no such name or no answer. */
  async lookUp(name: string, server: string, type = 'A'): Promise<string[]> {
    const { output } = await this.tryRun(['dig', '+short', '+time=3', '+tries=2', `@${server}`, name, type])
    return output.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
  }

  /**
   * Tries each TCP port of `address` once. @returns those that take connections.
   *
   * @param perSecond what a machine cannot take that fast is lost: whoever asks about one looks whether all has come.
   */
  async openPorts(address: string, { limitMs = 400_000, perSecond = 3000 } = {}): Promise<number[]> {
    const speed = ['-T5', '--max-retries', '0', '--min-rate', String(perSecond), '--max-rate', String(perSecond)]
    const output = await this.run(['nmap', '-Pn', '-n', '-sS', '-p-', ...speed, '-oG', '-', address], { limitMs })
    return [...output.matchAll(/(\d+)\/open\/tcp/g)].map((match) => Number(match[1]))
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.kill()
    await this.#child.kill()
  }
}

async function namespace(prefix: readonly string[]): Promise<Child> {
  const child = new Child(['sleep', 'infinity'], { prefix })
  await until('a network namespace', async () => {
    if (!child.running) throw new Error(`no network namespace could be made: ${child.output}`)
    return (await readlink(`/proc/${child.pid}/ns/net`)) !== (await readlink('/proc/self/ns/net')) && (await sleeps(child))
  })
  return child
}

/** A nested namespace differs from ours before it is its own: only when the last program runs is it all made. */
async function sleeps(child: Child): Promise<boolean> {
  return (await readlink(`/proc/${child.pid}/exe`)).endsWith('/sleep')
}

function enter(child: Child): string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials']
  return ['nsenter', '--target', String(child.pid), ...user, '--net', '--']
}
