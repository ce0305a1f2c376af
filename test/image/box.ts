import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from './machine/accelerator.ts'
import { until } from './machine/connect.ts'
import { type Disk, diskOver } from './machine/disks.ts'
import { inTurn } from './machine/in-turn.ts'
import { type Internet, makeInternet } from './machine/internet.ts'
import type { Lab, LabHost } from './machine/lab.ts'
import type { Machine, MachineOptions, Snapshot } from './machine/machine.ts'
import type { Nic } from './machine/nics.ts'
import { inWorld, type World } from './machine/world.ts'
import { Owner } from './owner.ts'

const repositoryRoot = join(import.meta.dirname, '../..')
/** What is tested: the quick image with the tests' root shell added; HOLT_IMAGE names another builder's folder. */
const imageFolder = process.env['HOLT_IMAGE'] ?? join(repositoryRoot, 'build/quick-amd64-variant')

export const LAN_ADDRESS = '192.168.77.1'
export const WAN_MAC = '52:54:00:12:34:50'
export const LAN_MAC = '52:54:00:12:34:51'
export const DRIVE_BYTES = 8 * 2 ** 30
/** Emulated, on a busy computer. Nothing is measured by it. */
export const BOOT_LIMIT_MS = 480_000

export interface Image {
  arch: Architecture
  disk: string
  kernel: string
  initrd: string
  kernelLine: string
  version: string
  slot: string
}

export async function readImage(): Promise<Image> {
  const manifest = join(imageFolder, 'manifest.json')
  const text = await readFile(manifest, 'utf8').catch((cause: unknown) => {
    throw new Error(`${manifest} is not there: npm run image:quick -- --arch amd64 --add test/image/variant`, { cause })
  })
  return JSON.parse(text) as Image
}

/** Where a box stands: a provider on its WAN cable, a laptop on its LAN cable. */
export interface Home {
  lab: Lab
  laptop: LabHost
}

export interface ConnectedHome extends Home {
  internet: Internet
}

export async function makeHome(world: World): Promise<ConnectedHome> {
  const lab = await world.lab(['wan', 'lan'])
  return { lab, internet: await makeInternet(lab, 'wan', world.folder), laptop: await lab.host('laptop', 'lan') }
}

async function cards({ lab }: Home) {
  const wan = { kind: 'tap', device: await lab.tap('wan'), mac: WAN_MAC } as const
  return [wan, { kind: 'tap', device: await lab.tap('lan'), mac: LAN_MAC } as const]
}

/**
 * The image as it is delivered, on `drive` or a new one; not yet switched on. It has one processor: emulated, a second one makes a
 * start little shorter, and is of more use to the test beside it.
 */
export async function newBox(world: World, home: Home, options: Partial<MachineOptions> & { drive?: Disk } = {}): Promise<Machine> {
  const image = await readImage()
  const { drive, ...machineOptions } = options
  const usual = { name: 'box', architecture: image.arch, firmware: 'uefi', tpm: true, processors: 1, prefix: home.lab.prefix } as const
  const box = await world.machine({ ...usual, ...machineOptions })
  box.addDisk(drive ?? (await flashedDrive(join(world.folder, `${box.options.name}.qcow2`))))
  for (const card of await cards(home)) box.addNic(card)
  return box
}

/** A drive that the image was just written to. */
export async function flashedDrive(file: string): Promise<Disk> {
  return await diskOver({ file: (await readImage()).disk, format: 'raw', serial: 'boot-drive' }, file, DRIVE_BYTES)
}

/** Started by its kernel directly: sooner, and without the boot loader's part. Without a TPM, as no firmware measures. */
export async function directBoot(kernelWords: readonly string[] = []): Promise<Partial<MachineOptions>> {
  const { kernel, initrd, kernelLine } = await readImage()
  return { firmware: { kernel, initrd, commandLine: [kernelLine, ...kernelWords].join(' ') }, tpm: false }
}

/** Switches a box on and waits until its page answers on the LAN; the laptop has an address afterwards. */
export async function bootToPage(box: Machine, { laptop }: Home): Promise<void> {
  await box.powerOn()
  await box.shell.ready({ limitMs: BOOT_LIMIT_MS })
  await joinLan(laptop)
  await pageAnswers(laptop)
}

export async function joinLan(laptop: LabHost): Promise<void> {
  await until('an address on the LAN', () => laptop.lease({ limitMs: 10_000 }), { limitMs: BOOT_LIMIT_MS })
}

export async function pageAnswers(host: LabHost, { limitMs = BOOT_LIMIT_MS } = {}): Promise<void> {
  const answers = async (): Promise<boolean> => (await host.get(`http://${LAN_ADDRESS}/`, { limitMs: 5000 })).status === 200
  await until('the page', answers, { limitMs, everyMs: 300 })
}

/** Waits until everything that starts at boot has, or has failed. */
export async function settled(box: Machine): Promise<void> {
  await box.shell.run('systemctl is-system-running --wait || true', { limitMs: BOOT_LIMIT_MS })
}

/** The code that the screen shows, a moment after the page begins to answer. */
export async function setUpCode(box: Machine): Promise<string> {
  const read = async (): Promise<string | null> => {
    const { code, output } = await box.shell.tryRun('cat /run/holt-node/announcement.json')
    return code === 0 ? (JSON.parse(output) as { code: string | null }).code : null
  }
  return await until('the set-up code', read, { everyMs: 500 })
}

/** A box after its first boot, its page waiting for an owner, as often as wanted: booted once, then gone on from. */
export async function bootedBox(world: World): Promise<{ box: Machine; home: ConnectedHome }> {
  return await goOn(world, await afterFirstBoot())
}

/** The drive of such a box, as when its plug is pulled then. */
export async function startedDrive(world: World): Promise<Disk> {
  const [drive] = (await afterFirstBoot()).disks
  return await diskOver(drive as Disk, join(world.folder, 'started.qcow2'))
}

async function afterFirstBoot(): Promise<Snapshot> {
  return await remembered('booted', async (folder) => {
    return await inWorld('first boot', async (first) => {
      const home = await makeHome(first)
      const box = await newBox(first, home)
      await bootToPage(box, home)
      await settled(box)
      return await box.snapshot(folder)
    })
  })
}

/** The same with an owner, who has set it up and is signed in. */
export async function ownedBox(world: World): Promise<{ box: Machine; home: ConnectedHome; owner: Owner }> {
  const cookiesIn = (folder: string): string => join(folder, 'owner-cookies')
  const snapshot = await remembered('owned', async (folder) => {
    return await inWorld('set-up', async (first) => {
      const { box, home } = await bootedBox(first)
      await new Owner(home.laptop, `http://${LAN_ADDRESS}`, cookiesIn(folder)).setUp(await setUpCode(box))
      return await box.snapshot(folder)
    })
  })
  const { box, home } = await goOn(world, snapshot)
  await copyFile(cookiesIn(snapshot.folder), cookiesIn(world.folder))
  return { box, home, owner: new Owner(home.laptop, `http://${LAN_ADDRESS}`, cookiesIn(world.folder)) }
}

/** The same, its cards plugged in somewhere else. */
export async function resumedBox(world: World, home: Home, nics: readonly Nic[]): Promise<Machine> {
  return await plugIn(world, await afterFirstBoot(), home, nics)
}

async function goOn(world: World, snapshot: Snapshot): Promise<{ box: Machine; home: ConnectedHome }> {
  const home = await makeHome(world)
  return { box: await plugIn(world, snapshot, home, await cards(home)), home }
}

async function plugIn(world: World, snapshot: Snapshot, { lab, laptop }: Home, nics: readonly Nic[]): Promise<Machine> {
  const box = await world.resume(snapshot, { prefix: lab.prefix, nics })
  await box.powerOn()
  // the same neighbours as before, with other cards
  await box.shell.run('ip neigh flush all')
  await joinLan(laptop)
  return box
}

/** Makes a snapshot once for all test files and later runs, until the image is another one. */
async function remembered(name: string, make: (folder: string) => Promise<Snapshot>): Promise<Snapshot> {
  const folder = join(imageFolder, 'snapshots', name)
  return await inTurn(`holt-${createHash('sha256').update(folder).digest('hex')}`, () => madeOnce(folder, make))
}

async function madeOnce(folder: string, make: (folder: string) => Promise<Snapshot>): Promise<Snapshot> {
  const { disk } = await readImage()
  const { mtimeMs, size } = await stat(disk)
  const note = join(folder, 'snapshot.json')
  const known = await readFile(note, 'utf8').catch(() => null)
  if (known !== null) {
    const { of, snapshot } = JSON.parse(known) as { of: string; snapshot: Snapshot }
    if (of === `${mtimeMs} ${size}`) return snapshot
  }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const snapshot = await make(folder)
  const unfinished = join(await mkdtemp(join(folder, 'note-')), 'note')
  await writeFile(unfinished, JSON.stringify({ of: `${mtimeMs} ${size}`, snapshot }))
  await rename(unfinished, note)
  return snapshot
}

/** Restarts it as the page does and waits for the page again; the old system cannot be what answers. */
export async function restart(box: Machine, home: Home): Promise<void> {
  const before = await bootId(box)
  box.shell.begin('systemctl --no-block reboot')
  await otherBoot(box, before)
  await pageAnswers(home.laptop)
}

export async function bootId(box: Machine): Promise<string> {
  return await box.shell.run('cat /proc/sys/kernel/random/boot_id')
}

/** Waits until another boot than `before` answers. */
export async function otherBoot(box: Machine, before: string, { limitMs = BOOT_LIMIT_MS } = {}): Promise<void> {
  const deadline = Date.now() + limitMs
  await until(
    'another boot',
    async () => {
      await box.shell.ready({ limitMs: Math.max(deadline - Date.now(), 1000) })
      const now = await box.shell.tryRun('cat /proc/sys/kernel/random/boot_id', { limitMs: 10_000 }).catch(() => null)
      return now !== null && now.code === 0 && now.output.trim() !== before
    },
    { limitMs, everyMs: 500 },
  )
}
