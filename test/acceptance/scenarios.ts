import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClassInfo, DoctorReport, DriveInfo, TransferReport } from '@holt/control/schema.ts'
import { until } from '../peers/harness.ts'
import { differences, differencesButLost, removeTrees } from './compare.ts'
import type { Corpus } from './corpora.ts'
import type { World } from './world.ts'

type Scenario = (world: World, corpora: readonly Corpus[]) => Promise<void>

const PARTLY_DONE = 15
/** A loss in the middle of something that takes minutes must be noticed in this time. */
const STEP_LIMIT_MS = 600_000

/** What a person does who loses drives, by the name of the scenario. */
export const scenarios: Record<string, Scenario> = {
  'two drives lost while reading, repaired, then more than may be lost': async (world, corpora) => {
    for (const corpus of corpora) await put(world, corpus)
    await expectHealthy(world, 'doctor')
    await checkClasses(world, 2)

    const [first, ...others] = corpora as [Corpus, ...Corpus[]]
    await get(world, first, { meanwhile: (copy) => loseWhenReading(world, first, copy) })
    for (const corpus of others) await get(world, corpus)
    await expectMissingDrives(world, 2)
    await repairOntoNewDrives(world, 2)

    await world.lose(...world.drives.slice(0, 2))
    for (const corpus of corpora) await get(world, corpus)
    await world.lose(world.drives[1] as string)
    await readWhatIsLeft(world, corpora)
  },

  'two drives lost while putting, repaired': async (world, corpora) => {
    const [first, ...others] = corpora as [Corpus, ...Corpus[]]
    await put(world, first, () => loseWhenWritten(world, first.bytes / 3))
    for (const corpus of others) await put(world, corpus)
    for (const corpus of corpora) await get(world, corpus)
    await expectMissingDrives(world, 2)
    await repairOntoNewDrives(world, 2)
    await world.lose(...world.drives.slice(0, 2))
    for (const corpus of corpora) await get(world, corpus)
  },
}

async function put(world: World, corpus: Corpus, meanwhile?: () => Promise<unknown>): Promise<void> {
  await world.step(`put ${corpus.name}${meanwhile === undefined ? '' : ', losing two drives'}`, async () => {
    const putting = world.holt<TransferReport>('put', corpus.folder, `/${corpus.name}`, '--wait')
    const [report] = await Promise.all([putting, meanwhile?.()])
    assert.deepEqual(report.skipped, [])
    assert.deepEqual(countsOf(report), countsOf(corpus))
    return { files: report.files, bytes: report.bytes, seen: 'all taken' }
  })
}

function countsOf({ files, directories, symlinks, bytes }: Pick<Corpus, 'files' | 'directories' | 'symlinks' | 'bytes'>) {
  return { files, directories, symlinks, bytes }
}

/** Gets a corpus out and compares it with what was put. */
async function get(world: World, corpus: Corpus, { meanwhile }: { meanwhile?: (copy: string) => Promise<unknown> } = {}): Promise<void> {
  const copy = join(world.folder, `copy of ${corpus.name}`)
  await world.step(`get ${corpus.name}${meanwhile === undefined ? '' : ', losing two drives'}`, async () => {
    const [report] = await Promise.all([world.holt<TransferReport>('get', `/${corpus.name}`, copy), meanwhile?.(copy)])
    assert.deepEqual(report.skipped, [])
    assert.deepEqual(countsOf(report), countsOf(corpus))
    return { files: report.files, bytes: report.bytes, seen: '' }
  })
  await world.step(`compare ${corpus.name}`, async () => {
    assert.deepEqual(await differences(corpus.folder, copy), [])
    return { files: corpus.files, seen: 'identical' }
  })
  await removeTrees(copy)
}

/** Two drives go once a third of the corpus's entries at the top have begun to come out. */
async function loseWhenReading(world: World, corpus: Corpus, copy: string): Promise<void> {
  const names = (await readdir(corpus.folder)).sort()
  const sign = join(copy, names[Math.floor(names.length / 3)] as string)
  await until(sign, async () => existsSync(sign), { limitMs: STEP_LIMIT_MS })
  await world.lose(...world.drives.slice(1, 3))
}

/** Two drives go once so much more has been written to packs. */
async function loseWhenWritten(world: World, bytes: number): Promise<void> {
  const written = async (): Promise<number> => (await world.node.control.call('node.status', {})).store.packBytes
  const before = await written()
  await until(`${bytes} bytes in packs`, async () => (await written()) - before > bytes, { limitMs: STEP_LIMIT_MS })
  await world.lose(...world.drives.slice(1, 3))
}

async function expectHealthy(world: World, name: string): Promise<void> {
  await world.step(name, async () => {
    const report = await world.doctor()
    assert.deepEqual(report.problems, [])
    assert.equal(report.healthy, true)
    return { bytes: report.bytesChecked, seen: `healthy, ${report.fragmentsChecked} fragments` }
  })
}

/** All are 4-of-6, chosen by the node itself, and survive so many more losses. */
async function checkClasses(world: World, lossesSurvived: number): Promise<void> {
  const { classes } = await world.holt<{ classes: ClassInfo[] }>('class', 'list')
  const standard = classes.find(({ name }) => name === 'standard')
  assert.ok(standard !== undefined && standard.packs > 0, 'packs were spread')
  assert.deepEqual([standard.dataFragments, standard.totalFragments, standard.lossesSurvived], [4, 6, lossesSurvived])
}

async function expectMissingDrives(world: World, count: number): Promise<void> {
  await world.step('doctor', async () => {
    const report = await world.doctor()
    assert.equal(report.healthy, false)
    assert.equal(wheres(report, 'drive-missing').length, count)
    assert.deepEqual(wheres(report, 'pack-lost'), [])
    assert.deepEqual(wheres(report, 'file-lost'), [])
    return { bytes: report.bytesChecked, seen: `${count} drives missing, no file lost` }
  })
  await checkClasses(world, 0)
}

function wheres({ problems }: DoctorReport, kind: DoctorReport['problems'][number]['what']): string[] {
  return problems.flatMap(({ what, where }) => (what === kind ? [where] : []))
}

async function repairOntoNewDrives(world: World, count: number): Promise<void> {
  const { drives } = await world.holt<{ drives: DriveInfo[] }>('drives')
  const missing = drives.flatMap(({ state, folder }) => (state === 'missing' ? [folder] : []))
  const fresh = Array.from({ length: count }, (_, i) => join(world.folder, `new drive ${i + 1}`))
  for (const drive of fresh) await mkdir(drive)
  await world.step(`doctor --repair onto ${count} new drives`, async () => {
    await world.holt('drives', 'add', ...fresh)
    world.drives.push(...fresh)
    const { problems, repairedFragments, bytesChecked } = await world.doctor('--repair')
    const left = problems.filter(({ repaired }) => !repaired)
    assert.deepEqual(left.map(({ what, where }) => `${what} ${where}`).sort(), missing.map((drive) => `drive-missing ${drive}`).sort())
    return { bytes: bytesChecked, seen: `${repairedFragments} fragments made anew` }
  })
  for (const drive of missing) await world.holt('drives', 'remove', drive, '--force')
  await expectHealthy(world, 'doctor')
  await checkClasses(world, 2)
}

/** More drives are lost than may be: doctor names what is gone; that, and nothing else, does not come out. */
async function readWhatIsLeft(world: World, corpora: readonly Corpus[]): Promise<void> {
  let lost: string[] = []
  await world.step('doctor after a third loss', async () => {
    const report = await world.doctor()
    lost = wheres(report, 'file-lost')
    assert.ok(lost.length > 0, 'something is lost')
    assert.ok(wheres(report, 'pack-lost').length > 0)
    return { files: lost.length, bytes: report.bytesChecked, seen: `${lost.length} paths lost` }
  })
  for (const corpus of corpora) {
    const copy = join(world.folder, `what is left of ${corpus.name}`)
    const ofCorpus = lost.filter((path) => path === `/${corpus.name}` || path.startsWith(`/${corpus.name}/`))
    await world.step(`get ${corpus.name}`, async () => {
      const { json, exitCode } = await world.holtWith<TransferReport>([0, PARTLY_DONE], 'get', `/${corpus.name}`, copy)
      assert.equal(exitCode, ofCorpus.length > 0 ? PARTLY_DONE : 0)
      assert.deepEqual(json.skipped.map(({ path }) => path).sort(), ofCorpus.sort())
      return { files: json.files, bytes: json.bytes, seen: `${json.skipped.length} paths skipped, the ones that doctor named` }
    })
    await world.step(`compare ${corpus.name}`, async () => {
      const relative = ofCorpus.map((path) => path.slice(corpus.name.length + 2))
      assert.deepEqual(await differencesButLost(corpus.folder, copy, relative), [])
      return { seen: 'all others identical' }
    })
    await removeTrees(copy)
  }
}
