import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../peers/random.ts'
import { bootToPage, directBoot, DRIVE_BYTES, LAN_ADDRESS, makeHome, newBox, ownedBox, readImage, restart, setUpCode } from './box.ts'
import type { Disk } from './machine/disks.ts'
import type { Machine } from './machine/machine.ts'
import { VolatileDrive } from './machine/volatile-drive.ts'
import { machineTest, type World } from './machine/world.ts'
import { Owner, sha256 } from './owner.ts'

const cuts = Number(process.env['HOLT_POWER_CUTS'] ?? 20)
/** Two boxes at a time, each with a processor of its own. */
const BOXES = 2
const seed = Number(process.env['HOLT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const MIB = 2 ** 20
/** What is on its way when the plug is pulled gets no answer any more. */
const PUT_LIMIT_MS = 15_000

interface Ledger {
  /** Path in the tree → SHA-256 of what was acknowledged. */
  kept: Map<string, string>
  putCount: number
}

machineTest(
  `whatever was acknowledged is there after each of ${cuts} cuts of the power in the middle of writes`,
  async (world) => {
    const each = Math.ceil(cuts / BOXES)
    console.log(`HOLT_SEED=${seed}`)
    const counts = await Promise.all(Array.from({ length: BOXES }, (_, i) => cutAgainAndAgain(world, i, each)))
    assert.ok(
      counts.every((count) => count >= each),
      `acknowledged before the cuts: ${counts.join(', ')}`,
    )
  },
  { limitMs: 120_000 + cuts * 90_000 },
)

/** @returns how many files were acknowledged in all. */
async function cutAgainAndAgain(world: World, index: number, times: number): Promise<number> {
  const name = `box${index}`
  const home = await makeHome(world)
  const { drive, disk } = await meanestDrive(world, index)
  const box = await newBox(world, home, { name, ...(await directBoot()), processors: 1, drive: disk })
  const owner = new Owner(home.laptop, `http://${LAN_ADDRESS}`, join(world.folder, `${name}-cookies`))
  await bootToPage(box, home)
  await owner.setUp(await setUpCode(box))
  const ledger: Ledger = { kept: new Map(), putCount: 0 }
  for (let i = 0; i < times; i++) {
    await writeAndCut(box, owner, { world, name, ledger })
    await drive.losePower()
    await bootToPage(box, home)
    await checkAll(owner, ledger, `cut ${i + 1} of ${name}`)
  }
  return ledger.kept.size
}

/** With the image as it is delivered; what its cache loses follows from the seed. */
async function meanestDrive(world: World, index: number): Promise<{ drive: VolatileDrive; disk: Disk }> {
  const file = (name: string): string => join(world.folder, `drive${index}-${name}`)
  const random = seededRandom(seed + index).fraction
  const drive = await VolatileDrive.open((await readImage()).disk, { ownFile: file('written'), sizeBytes: DRIVE_BYTES, random })
  world.atEnd(() => drive.close())
  await drive.serve(file('socket'))
  return { drive, disk: { file: file('socket'), format: 'nbd', serial: 'boot-drive' } }
}

/** Puts files without pause and pulls the plug while one is on its way. */
async function writeAndCut(
  box: Machine,
  owner: Owner,
  { world, name, ledger }: { world: World; name: string; ledger: Ledger },
): Promise<void> {
  let off = false
  const writing = (async (): Promise<void> => {
    while (!off) {
      const bytes = randomBytes(Math.ceil(Math.random() * 3 * MIB))
      const path = `/file ${ledger.putCount++}`
      const file = join(world.folder, `${name}-put`)
      await writeFile(file, bytes)
      if (await owner.put(path, file, { limitMs: PUT_LIMIT_MS })) ledger.kept.set(path, sha256(bytes))
    }
  })()
  await sleep(1000 + Math.random() * 5000)
  off = true
  await box.cutPower()
  await writing
}

async function checkAll(owner: Owner, { kept }: Ledger, when: string): Promise<void> {
  assert.ok(await owner.isSignedIn(), `${when}: the owner is still signed in`)
  for (const [path, hash] of kept) assert.equal(await owner.hashOf(path), hash, `${when}: ${path}`)
}

machineTest(
  'with its drive full to the last byte the box boots, lets the owner in and tells',
  async (world) => {
    const { box, home, owner } = await ownedBox(world)
    const file = join(world.folder, 'file')
    await writeFile(file, 'kept before')
    assert.ok(await owner.put('/before', file))
    // As the node's user, who may not have the reserve, and then as root, who may.
    const fill = 'fallocate -l $(($(stat -f -c "%a * %S" /data) - 65536)) /data/holt/filler; cat /dev/zero >/data/holt/filler2'
    await box.shell.tryRun(`setpriv --reuid holt --regid holt --clear-groups sh -c '${fill}'`, { limitMs: 180_000 })
    assert.equal(await box.shell.run('stat -f -c %a /data'), '0')
    await restart(box, home)
    assert.equal(await box.shell.run('systemctl --failed --no-legend --plain'), '')
    const signIn = await owner.signIn()
    assert.ok(signIn.status < 300, `${signIn.status} ${signIn.body}`)
    assert.equal(await owner.hashOf('/before'), sha256(Buffer.from('kept before')))
    await box.shell.run('rm /data/holt/filler*')
    await writeFile(file, 'put after')
    await putSoon(owner, file)
  },
  { limitMs: 600_000 },
)

/** A node that found its drive full may look for room only now and then. */
async function putSoon(owner: Owner, file: string): Promise<void> {
  for (let i = 0; i < 30; i++) {
    if (await owner.put('/after', file)) return
    await sleep(2000)
  }
  assert.fail('with room again, files can be put again')
}
