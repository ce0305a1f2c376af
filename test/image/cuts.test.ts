import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../peers/random.ts'
import {
  BOOT_LIMIT_MS,
  bootToPage,
  directBoot,
  DRIVE_BYTES,
  type Home,
  LAN_ADDRESS,
  LAN_MAC,
  newBox,
  pageAnswers,
  readImage,
  settled,
  setUpCode,
} from './box.ts'
import { until } from './machine/connect.ts'
import type { Disk } from './machine/disks.ts'
import type { Machine } from './machine/machine.ts'
import { VolatileDrive } from './machine/volatile-drive.ts'
import { machineTest, type World } from './machine/world.ts'
import { Owner, sha256 } from './owner.ts'

const cuts = Number(process.env['HOLT_POWER_CUTS'] ?? 6)
const seed = Number(process.env['HOLT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const KIB = 2 ** 10
/**
 * What most starts leave out: it neither keeps nor serves files, and is half of the time. From the firmware on, everything that
 * touches the drive is there: slot, boot partition, unlocking and checking the data partition, kept folders, the node.
 */
const leftOut = [
  ...['appliance', 'health', 'watchdog', 'console@tty1', 'console@ttyS0', 'ports', 'firewall', 'dnsmasq'].map((name) => `holt-${name}`),
  ...['networkd', 'resolved', 'timesyncd', 'logind', 'user-sessions', 'udev-settle', 'modules-load'].map((name) => `systemd-${name}`),
  'rauc',
  'dbus-broker',
  'kmod-static-nodes',
  ...['drm', 'tpm_tis', 'tpm_crb'].map((name) => `modprobe@${name}`),
]
const sockets = ['systemd-networkd', 'dbus']
/** What is on its way when the plug is pulled gets no answer any more. */
const PUT_LIMIT_MS = 60_000

interface Ledger {
  /** Path in the tree → SHA-256 of what was acknowledged. */
  kept: Map<string, string>
  putCount: number
}

machineTest(
  'power cuts, of a box without an internet and without a TPM',
  async (world, step) => {
    const lab = await world.lab(['wan', 'lan'])
    const home = { lab, laptop: await lab.host('laptop', 'lan') }
    const { drive, disk } = await meanestDrive(world)
    const box = await newBox(world, home, { ...(await directBoot()), drive: disk })
    const owner = new Owner(home.laptop, `http://${LAN_ADDRESS}`, join(world.folder, 'cookies'))

    await step('the first boot ends at the page all the same', async () => {
      await bootToPage(box, home)
      assert.deepEqual(await home.laptop.lookUp('holt.lan', LAN_ADDRESS), [LAN_ADDRESS])
      await owner.setUp(await setUpCode(box))
      await settled(box)
      assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
      assert.match(await box.shell.run('ls /efi/holt/data-key'), /data-key/)
    })

    await step(`whatever was acknowledged is there after each of ${cuts} cuts in the middle of writes`, async () => {
      console.log(`HOLT_SEED=${seed}`)
      const masked = [...leftOut.map((name) => `${name}.service`), ...sockets.map((name) => `${name}.socket`)]
      const lean = await directBoot([...masked.map((unit) => `systemd.mask=${unit}`), 'net.ifnames=0'])
      const sooner = await newBox(world, home, { ...lean, name: 'box-again', drive: disk })
      const ledger: Ledger = { kept: new Map(), putCount: 0 }
      for (let i = 1; i <= cuts; i++) {
        const { lastPut } = await writeAndCut(i === 1 ? box : sooner, owner, { world, ledger })
        await drive.losePower()
        if (i < cuts) await leanBootToPage(sooner, home)
        else await bootToPage(box, home)
        await lastPut
        await checkAll(owner, ledger, `cut ${i}`)
      }
      await settled(box)
      assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
      assert.ok(ledger.kept.size >= cuts, `${ledger.kept.size} files were acknowledged`)
      assert.ok(drive.lostBlocks > 0, 'the drive lost what was not flushed')
    })
  },
  { limitMs: 900_000 + cuts * 180_000 },
)

/** The same until its page answers, with nobody in the box who sets up its network; the laptop has its address already. */
async function leanBootToPage(box: Machine, { laptop }: Home): Promise<void> {
  await box.powerOn()
  await box.shell.ready({ limitMs: BOOT_LIMIT_MS })
  const findPort = async (): Promise<string> => (await box.shell.tryRun(`grep -l ${LAN_MAC} /sys/class/net/*/address`)).output
  const port = (await until('the port', async () => (await findPort()).match(/net\/(\w+)\/address/)))[1]
  await box.shell.run(`ip addr add ${LAN_ADDRESS}/24 dev ${port} && ip link set ${port} up`)
  await pageAnswers(laptop)
}

/** With the image as it is delivered; what its cache loses follows from the seed. */
async function meanestDrive(world: World): Promise<{ drive: VolatileDrive; disk: Disk }> {
  const file = (name: string): string => join(world.folder, `drive-${name}`)
  const random = seededRandom(seed).fraction
  const drive = await VolatileDrive.open((await readImage()).disk, { ownFile: file('written'), sizeBytes: DRIVE_BYTES, random })
  world.atEnd(() => drive.close())
  await drive.serve(file('socket'))
  return { drive, disk: { file: file('socket'), format: 'nbd', serial: 'boot-drive' } }
}

/**
 * Puts files without pause, small ones and large ones, and pulls the plug while one is on its way.
 *
 * @returns in an object, so that it is not waited for, the end of the last put: it hears of the cut when the box is on again.
 */
async function writeAndCut(
  box: Machine,
  owner: Owner,
  { world, ledger }: { world: World; ledger: Ledger },
): Promise<{ lastPut: Promise<void> }> {
  let off = false
  const putOne = async (): Promise<void> => {
    const bytes = randomBytes(Math.ceil(2 ** (Math.random() * 12) * KIB))
    const path = `/file ${ledger.putCount++}`
    const file = join(world.folder, 'put')
    await writeFile(file, bytes)
    if (await owner.put(path, file, { limitMs: PUT_LIMIT_MS })) ledger.kept.set(path, sha256(bytes))
  }
  const lastPut = (async (): Promise<void> => {
    while (!off) await putOne()
  })()
  const before = ledger.kept.size
  await until('a file that was acknowledged', async () => ledger.kept.size > before, { limitMs: 300_000 })
  await sleep(Math.random() * 3000)
  off = true
  await box.cutPower()
  return { lastPut }
}

async function checkAll(owner: Owner, { kept }: Ledger, when: string): Promise<void> {
  assert.ok(await owner.isSignedIn(), `${when}: the owner is still signed in`)
  const found = await owner.hashesOf([...kept.keys()])
  for (const [path, hash] of kept) assert.equal(found.get(path), hash, `${when}: ${path}`)
}
