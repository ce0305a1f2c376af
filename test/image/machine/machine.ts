import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accelerator, Architecture } from './accelerator.ts'
import { Child } from './child.ts'
import { connectTo, until } from './connect.ts'
import { type Disk, diskArguments, diskOver, diskParts } from './disks.ts'
import { GuestShell } from './guest-shell.ts'
import { type Nic, plug } from './nics.ts'
import { boardArguments, boards, CONSOLE_LOG } from './qemu-arguments.ts'
import { Qmp } from './qmp.ts'
import { TextStream } from './text-stream.ts'
import { Tpm } from './tpm.ts'

export interface MachineOptions {
  /** What its evidence is called. */
  name: string
  accelerator: Accelerator
  /** amd64 unless said otherwise. */
  architecture?: Architecture
  /** `uefi` boots from the first drive that can; a kernel is started directly. */
  firmware: 'uefi' | { kernel: string; initrd: string; commandLine: string }
  memoryMiB?: number
  processors?: number
  tpm?: boolean
  /** Runs QEMU elsewhere: the prefix of a lab, whose tap devices its cards are. */
  prefix?: readonly string[]
  /** A chip that restarts the machine when the guest stops feeding it. */
  watchdog?: boolean
}

/** The running machine as files: its memory and what stood on its drives at that moment. They must not change any more. */
export interface Snapshot {
  options: MachineOptions
  folder: string
  disks: readonly Disk[]
  nics: readonly Nic[]
}

const MEMORY_FILE = 'memory'
const VARIABLES_FILE = 'uefi-variables'

/** A machine in QEMU: switched on, watched, commanded, unplugged. Nothing of it outlives this process. */
export class Machine {
  readonly options: MachineOptions
  readonly disks: Disk[] = []
  readonly nics: Nic[] = []
  /** Sockets, UEFI variables, the TPM's state and logs; gone after `close`. */
  readonly folder: string
  #qemu: Child | null = null
  #qmp: Qmp | null = null
  #console: TextStream | null = null
  #shell: { stream: TextStream; shell: GuestShell } | null = null
  #tpm: Tpm | null = null
  #forwards = new Map<number, number>()
  /** The state of the UEFI variables and of the TPM of a machine that is resumed. */
  #origin: Snapshot | null = null

  private constructor(options: MachineOptions, folder: string) {
    this.options = options
    this.folder = folder
  }

  static async create(options: MachineOptions): Promise<Machine> {
    return new Machine(options, await mkdtemp(join(tmpdir(), 'holt-machine-')))
  }

  /** A machine that goes on from a snapshot when it is switched on, as often as one likes; `change` plugs it in elsewhere. */
  static async resume(
    snapshot: Snapshot,
    change: { name?: string; nics?: readonly Nic[]; prefix?: readonly string[] } = {},
  ): Promise<Machine> {
    const { nics = snapshot.nics, ...options } = change
    const machine = await Machine.create({ ...snapshot.options, ...options })
    machine.nics.push(...nics)
    for (const [i, disk] of snapshot.disks.entries()) machine.disks.push(await diskOver(disk, join(machine.folder, `disk${i}.qcow2`)))
    machine.#origin = snapshot
    return machine
  }

  addDisk(disk: Disk): void {
    this.disks.push(disk)
  }

  /** Plugs a drive into a USB port of the running machine; it stays there. */
  async plugIn(disk: Disk): Promise<void> {
    const usb = { ...disk, usb: true }
    const { backend, device } = diskParts(usb, this.disks.length)
    this.disks.push(usb)
    await this.qmp.execute('blockdev-add', backend)
    await this.qmp.execute('device_add', device)
  }

  addNic(nic: Nic): void {
    this.nics.push(nic)
  }

  /** The serial console. */
  get console(): TextStream {
    if (this.#console === null) throw new Error(`${this.options.name} was never switched on`)
    return this.#console
  }

  get shell(): GuestShell {
    if (this.#shell === null) throw new Error(`${this.options.name} was never switched on`)
    return this.#shell.shell
  }

  get qmp(): Qmp {
    if (this.#qmp === null) throw new Error(`${this.options.name} is off`)
    return this.#qmp
  }

  get #board() {
    return boards[this.options.architecture ?? 'amd64']
  }

  get running(): boolean {
    return this.#qemu?.running ?? false
  }

  /** Everything the serial console has shown since the machine was made. */
  async consoleLog(): Promise<string> {
    return await readFile(join(this.folder, CONSOLE_LOG), 'latin1').catch(() => '')
  }

  /** Switches it on; resolves when its processor has begun. A resumed machine goes on where its snapshot was taken. */
  async powerOn(): Promise<void> {
    if (this.running) throw new Error(`${this.options.name} is on`)
    const qemu = new Child([this.#board.program, ...(await this.#arguments())], { prefix: this.options.prefix ?? [] })
    this.#qemu = qemu
    try {
      await this.#begin()
    } catch (cause) {
      await qemu.endsWithin(1000)
      throw new Error(`${this.options.name} could not be switched on: ${qemu.output}`, { cause })
    }
  }

  async #begin(): Promise<void> {
    const [control, serial, port] = [await this.#connect('qmp'), await this.#connect('console'), await this.#connect('shell')]
    this.#qmp = new Qmp(control)
    this.#console = new TextStream(`the console of ${this.options.name}`, serial)
    const stream = new TextStream(`the shell of ${this.options.name}`, port)
    this.#shell = { stream, shell: new GuestShell(stream) }
    await this.#qmp.execute('qmp_capabilities')
    if (this.#origin !== null) await this.#load(this.#origin, this.#qmp)
    await this.#qmp.execute('cont')
  }

  /** As when the plug is pulled: QEMU is gone at once, and with it what the guest had not flushed. */
  async cutPower(): Promise<void> {
    this.#origin = null
    await this.#qemu?.kill()
    await this.#tpm?.cutPower()
    this.#qmp = null
  }

  /** Presses the power button and waits until the guest has switched itself off. */
  async shutDown({ limitMs = 120_000 } = {}): Promise<void> {
    await this.qmp.execute('system_powerdown')
    await this.switchedOff({ limitMs })
  }

  /** Waits until the guest has switched itself off. */
  async switchedOff({ limitMs = 120_000 } = {}): Promise<void> {
    if (!(await this.#qemu?.endsWithin(limitMs))) throw new Error(`${this.options.name} did not switch off within ${limitMs} ms`)
    await this.cutPower()
  }

  /** Pulls the cable of a card, or puts it back. */
  async setLink(nic: number, up: boolean): Promise<void> {
    await this.qmp.execute('set_link', { name: `nic${nic}-device`, up })
  }

  /** Where a TCP port of the guest is reached from here; its card must be on a `user` network that lists it. */
  forwardedPort(guestPort: number): number {
    const port = this.#forwards.get(guestPort)
    if (port === undefined) throw new Error(`no card of ${this.options.name} forwards port ${guestPort}`)
    return port
  }

  /** Asks a server in the guest, through a `user` network. */
  async http(guestPort: number, path = '/', { limitMs = 30_000, ...init }: RequestInit & { limitMs?: number } = {}): Promise<Response> {
    const address = `http://127.0.0.1:${this.forwardedPort(guestPort)}${path}`
    return await fetch(address, { ...init, signal: AbortSignal.timeout(limitMs) })
  }

  /** What its screen shows, as a PNG file. */
  async screenshot(file: string): Promise<void> {
    await this.qmp.execute('screendump', { filename: file, format: 'png' })
  }

  /** Stops it as it is and keeps everything in `folder`, so that machines can go on from here. This one is off then. */
  async snapshot(folder: string): Promise<Snapshot> {
    await mkdir(folder, { recursive: true })
    const disks = this.disks.map((disk, i) => ({ ...disk, file: join(folder, `disk${i}.${disk.format}`) }))
    await this.qmp.execute('stop')
    await this.#migrate(this.qmp, 'migrate', `exec:cat > ${join(folder, MEMORY_FILE)}`)
    await this.qmp.execute('quit').catch(() => {}) // it may be gone before it has answered
    await this.switchedOff({ limitMs: 30_000 })
    for (const [i, disk] of this.disks.entries()) await copyFile(disk.file, (disks[i] as Disk).file)
    if (this.options.firmware === 'uefi') await copyFile(join(this.folder, VARIABLES_FILE), join(folder, VARIABLES_FILE))
    if (this.options.tpm) await cp(join(this.folder, 'tpm'), join(folder, 'tpm'), { recursive: true, filter: isNoSocket })
    return { options: this.options, folder, disks, nics: [...this.nics] }
  }

  /** Writes what tells why a test failed: console, screen, journal, QEMU's own words. */
  async keepEvidence(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true })
    const file = (end: string): string => join(folder, `${this.options.name}-${end}`)
    await writeFile(file('console.log'), await this.consoleLog(), 'latin1')
    await writeFile(file('qemu.log'), `${this.#qemu?.output ?? ''}\nevents: ${this.#qmp?.events.join(' ') ?? ''}\n`)
    if (!this.running) return
    await this.screenshot(file('screen.png')).catch(() => {})
    const journal = await this.shell.tryRun('journalctl -b --no-pager -o short-monotonic -n 1000', { limitMs: 60_000 }).catch(() => null)
    if (journal !== null) await writeFile(file('journal.log'), journal.output)
  }

  async close(): Promise<void> {
    await this.cutPower()
    this.#console?.close()
    this.#shell?.stream.close()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  async #connect(name: string) {
    return await connectTo(this.#qemu as Child, join(this.folder, name))
  }

  async #load(origin: Snapshot, qmp: Qmp): Promise<void> {
    await this.#migrate(qmp, 'migrate-incoming', `exec:cat ${join(origin.folder, MEMORY_FILE)}`)
    this.#origin = null
  }

  async #migrate(qmp: Qmp, command: string, uri: string): Promise<void> {
    await qmp.execute(command, { uri })
    await until(`${command} of ${this.options.name}`, async () => {
      const { status, 'error-desc': reason } = (await qmp.execute('query-migrate')) as { status?: string; 'error-desc'?: string }
      if (status === 'failed') throw new Error(`${command} failed: ${reason ?? ''} ${this.#qemu?.output ?? ''}`)
      return status === 'completed'
    })
  }

  async #arguments(): Promise<string[]> {
    const nics = await Promise.all(this.nics.map((nic, i) => plug(nic, i)))
    this.#forwards = new Map(nics.flatMap((nic) => [...nic.forwards]))
    return [
      ...boardArguments(this.options, { folder: this.folder, variables: await this.#variables() }),
      ...this.disks.flatMap((disk, i) => diskArguments(disk, i)),
      ...nics.flatMap((nic) => nic.arguments),
      ...(this.options.tpm ? await this.#tpmArguments() : []),
      ...(this.#origin === null ? [] : ['-incoming', 'defer']),
    ]
  }

  /** Where the firmware keeps what it remembers; a machine's own. */
  async #variables(): Promise<string> {
    const file = join(this.folder, VARIABLES_FILE)
    const from = this.#origin === null ? this.#board.firmware.emptyVariables : join(this.#origin.folder, VARIABLES_FILE)
    if (this.options.firmware === 'uefi' && !existsSync(file)) await copyFile(from, file)
    return file
  }

  async #tpmArguments(): Promise<string[]> {
    if (this.#tpm === null) {
      this.#tpm = new Tpm(join(this.folder, 'tpm'))
      if (this.#origin === null) await this.#tpm.manufacture()
      else await cp(join(this.#origin.folder, 'tpm'), this.#tpm.folder, { recursive: true })
    }
    return await this.#tpm.powerOn(this.#board.tpm)
  }
}

function isNoSocket(path: string): boolean {
  return !path.endsWith('/control')
}
