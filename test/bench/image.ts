import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { directBoot, makeHome, newBox, ownedBox, pageAnswers, readImage, restart } from '../image/box.ts'
import { runCommand } from '../image/machine/child.ts'
import { diskOver } from '../image/machine/disks.ts'
import { SITE } from '../image/machine/internet.ts'
import { accelerator, inWorld, type World } from '../image/machine/world.ts'
import { pause } from './measure.ts'
import type { BenchTable } from './report.ts'

/** The router image in an emulated machine, each figure beside one of plain Debian or of the bare kernel in the same emulator. */
const BOOTS = Number(process.env['HOLT_BENCH_BOOTS'] ?? 3)
const IPERF_SECONDS = 10
const IPERF_RUNS = 3
const LIMIT_MS = 600_000
/** Of every machine that is compared here. */
const processors = 2
const bareRules = `table ip bare {
  chain translate { type nat hook postrouting priority srcnat; oifname "wan0" masquerade; }
}`

export async function bench(): Promise<BenchTable[]> {
  await runCommand([process.execPath, 'scripts/image-quick.mjs', '--arch', 'amd64', '--add', 'test/image/variant'], { limitMs: 900_000 })
  const how = await accelerator()
  return [
    {
      title: `power-on to page (${how}, best of ${BOOTS}, s)`,
      columns: ['boot', 'kernel started directly', 'to Debian'],
      rows: await bootRows(),
    },
    { title: 'size and memory', columns: ['', 'figure', 'goal'], rows: [await slotRow(), ...(await idleRows())] },
    {
      title: `the page Home in a browser on the LAN (${how}, best of ${BOOTS}, ms)`,
      columns: ['', 'first visit', 'again'],
      rows: await paintRows(),
    },
    {
      title: `routing through NAT (${how}, iperf3, ${IPERF_RUNS} × ${IPERF_SECONDS} s each, Mbit/s)`,
      columns: ['rules', 'best', 'to bare'],
      rows: await routingRows(),
    },
  ]
}

async function bootRows(): Promise<string[][]> {
  const debian = await bareDebian()
  const bare: number[] = []
  const ours: number[] = []
  const firmware: number[] = []
  for (let i = 0; i < BOOTS; i++) {
    bare.push(await inWorld('bench debian', (world) => debianToLogin(world, debian)))
    ours.push(await inWorld('bench boot', (world) => boxToPage(world, 'direct')))
    firmware.push(await inWorld('bench firmware', (world) => boxToPage(world, 'firmware')))
  }
  const base = Math.min(...bare)
  const row = (name: string, times: number[]): string[] => [name, Math.min(...times).toFixed(1), (Math.min(...times) / base).toFixed(2)]
  return [
    row('Debian with systemd and nothing else, to "login:"', bare),
    row('Holt, second boot, to the page on the LAN', ours),
    row('Holt, first boot by UEFI with a TPM, drive formatted, to the page', firmware),
  ]
}

async function boxToPage(world: World, how: 'direct' | 'firmware'): Promise<number> {
  const home = await makeHome(world)
  const box = await newBox(world, home, { processors, ...(how === 'direct' ? await directBoot() : {}) })
  // The laptop's address is fixed: what is measured is the box.
  await home.laptop.run(['ip', 'addr', 'add', '192.168.77.9/24', 'dev', 'eth0'])
  if (how === 'direct') {
    await box.powerOn()
    await pageAnswers(home.laptop)
    await box.shutDown()
  }
  const started = Date.now()
  await box.powerOn()
  await pageAnswers(home.laptop)
  return (Date.now() - started) / 1000
}

interface Debian {
  root: string
  kernel: string
  initrd: string
}

async function debianToLogin(world: World, debian: Debian): Promise<number> {
  const commandLine = 'root=/dev/vda ro console=ttyS0 quiet'
  const machine = await world.machine({
    name: 'debian',
    processors,
    firmware: { kernel: debian.kernel, initrd: debian.initrd, commandLine },
  })
  machine.addDisk(await diskOver({ file: debian.root, format: 'raw', serial: 'debian' }, join(world.folder, 'debian.qcow2')))
  const started = Date.now()
  await machine.powerOn()
  await machine.console.expect('login:', { limitMs: LIMIT_MS })
  return (Date.now() - started) / 1000
}

interface DebianModule {
  debianSources: () => string
  SUITE: string
}

/** Debian's smallest selection that boots with systemd; made once. */
async function bareDebian(): Promise<Debian> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holt-tests', 'bare-debian-1')
  const debian = { root: join(folder, 'root.img'), kernel: join(folder, 'tree/vmlinuz'), initrd: join(folder, 'tree/initrd.img') }
  if (existsSync(folder)) return debian
  const work = `${folder}-work`
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { recursive: true })
  const packages = '--include=systemd-sysv,udev,linux-image-amd64,initramfs-tools,zstd'
  const { debianSources, SUITE } = (await import(new URL('../../image/quick/debian.mjs', import.meta.url).href)) as DebianModule
  const sources = join(work, 'debian.sources')
  await writeFile(sources, debianSources())
  const mmdebstrap = ['mmdebstrap', '--variant=minbase', packages, SUITE, join(work, 'tree')]
  await runCommand([...mmdebstrap, ...(debianSources() === '' ? [] : [sources])], { limitMs: 900_000 })
  await runCommand(['mke2fs', '-q', '-t', 'ext4', '-d', join(work, 'tree'), join(work, 'root.img'), '2G'], { limitMs: LIMIT_MS })
  await rename(work, folder)
  return debian
}

async function slotRow(): Promise<string[]> {
  const { slot } = await readImage()
  const { size } = await stat(join(slot, 'slot.img'))
  return ['slot image, compressed, with its hash tree', `${(size / 1e6).toFixed(0)} MB`, '200 MB']
}

async function idleRows(): Promise<string[][]> {
  return await inWorld('bench idle', async (world) => {
    const { box, home } = await ownedBox(world)
    const restarted = Date.now()
    await restart(box, home)
    const offline = (Date.now() - restarted) / 1000
    await pause(30_000)
    const memory = await box.shell.run('cat /proc/meminfo')
    const kiB = (name: string): number => Number(memory.match(new RegExp(`^${name}: +(\\d+) kB`, 'm'))?.[1])
    const used = Math.round((kiB('MemTotal') - kiB('MemAvailable')) / 1024)
    return [
      ['memory of the whole system, idle, with an owner', `${used} MiB`, '350 MiB'],
      ['one restart, page to page (all that an update takes away)', `${offline.toFixed(1)} s`, ''],
    ]
  })
}

interface Paint {
  paintMs: number
  usefulMs: number
}

/** The browser runs on this computer itself, the box in the emulator: an answer to one small request tells how slow that is. */
async function paintRows(): Promise<string[][]> {
  return await inWorld('bench paint', async (world) => {
    const { home, owner } = await ownedBox(world)
    const answers: number[] = []
    const paints: { first: Paint; again: Paint }[] = []
    for (let i = 0; i < BOOTS; i++) {
      const asked = performance.now()
      await owner.isSignedIn()
      answers.push(performance.now() - asked)
      const command = [process.execPath, '--import', 'tsx', 'test/bench/first-paint.ts', owner.origin, owner.cookies]
      paints.push(JSON.parse(await home.laptop.run(command, { limitMs: LIMIT_MS })) as { first: Paint; again: Paint })
    }
    const best = (visit: 'first' | 'again', what: keyof Paint): string => Math.min(...paints.map((one) => one[visit][what])).toFixed(0)
    return [
      ['anything is drawn', best('first', 'paintMs'), best('again', 'paintMs')],
      ['it says whether everything is safe', best('first', 'usefulMs'), best('again', 'usefulMs')],
      ['one small request, with curl', Math.min(...answers).toFixed(0), ''],
    ]
  })
}

/** The rules that a box starts with, and the least that does NAT at all, in turn on the same running kernel. */
async function routingRows(): Promise<string[][]> {
  return await inWorld('bench routing', async (world) => {
    const { box, home } = await ownedBox(world)
    home.internet.host.serve(['iperf3', '-s', '-B', SITE])
    await box.shell.run(`nft list ruleset >/run/rules-of-holt; printf '%s' '${bareRules}' >/run/rules-bare`)
    const speeds = { holt: [] as number[], bare: [] as number[] }
    for (let i = 0; i < IPERF_RUNS; i++) {
      for (const which of ['bare', 'holt'] as const) {
        const file = which === 'holt' ? '/run/rules-of-holt' : '/run/rules-bare'
        await box.shell.run(`nft flush ruleset; nft -f ${file}`)
        speeds[which].push(await throughput(home.laptop))
      }
    }
    const bare = Math.max(...speeds.bare)
    const holt = Math.max(...speeds.holt)
    return [
      ['NAT alone', bare.toFixed(0), '1.00'],
      ["Holt's firewall and NAT", holt.toFixed(0), (holt / bare).toFixed(2)],
    ]
  })
}

async function throughput(laptop: { run(command: readonly string[]): Promise<string> }): Promise<number> {
  const report = await laptop.run(['iperf3', '-c', SITE, '-t', String(IPERF_SECONDS), '-J'])
  const { end } = JSON.parse(report) as { end: { sum_received: { bits_per_second: number } } }
  return end.sum_received.bits_per_second / 1e6
}
