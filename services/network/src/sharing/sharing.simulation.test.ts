import assert from 'node:assert/strict'
import { before, mock, test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { pathVersions } from '@holt/tree/path-versions.ts'
import { Company, type Sharer } from '../testing/simulated-sharers.ts'
import { eachSeed } from '../testing/simulated-world.ts'

// work gives way after some milliseconds of the thread's clock: on a busy machine that would make another story of a seed
before(() => void mock.method(performance, 'now', () => 0))

const FILE = 'services/network/src/sharing/sharing.simulation.test.ts'
/** Trees are sealed and merged in them: a four-hundredth of what cheaper simulations run. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 400))

const MOUNT = '/shared/Anna/photos'

/** Anna shares a folder with two others, who may write or may not, while lines are cut and nodes crash. */
class Story {
  readonly company: Company
  anna!: Sharer
  readonly others: Sharer[] = []
  /** What was acknowledged: by whom, and where it was written. */
  readonly acknowledged: { by: Sharer; path: string; text: string }[] = []
  /** What was written by somebody who had, when it was, no right to write that Anna knew of. */
  readonly forbidden = new Map<string, Sharer>()

  constructor(seed: number) {
    this.company = new Company(seed)
  }

  get all(): Sharer[] {
    return [this.anna, ...this.others]
  }

  until<T>(work: Promise<T>): Promise<T> {
    return this.company.world.clock.until(work)
  }

  async begin(): Promise<void> {
    this.anna = await this.company.come('anna')
    await this.until(this.anna.put('/photos/a', 'first'))
    await this.until(this.anna.put('/diary', 'secret'))
    for (const name of ['ben', 'cleo']) {
      const other = await this.company.come(name)
      this.others.push(other)
      await this.until(this.anna.sharing.owner.give('/photos', { owner: other.owner.publicKey, name }))
      await this.company.sees('an offer', () => other.sharing.taker.offered().length === 1)
      await this.until(other.sharing.accept(other.sharing.taker.offered()[0]?.id as string, () => 'Anna'))
      await this.company.sees('the folder', async () => (await other.read(`${MOUNT}/a`)) === 'first')
    }
  }

  grantsOf(other: Sharer) {
    const { grants } = this.anna.sharing.giver.get(this.anna.given)
    return grants.flat().filter(({ subject }) => Buffer.from(subject).equals(other.owner.publicKey))
  }

  async happens(number: number): Promise<void> {
    const { world } = this.company
    const what = world.below(12)
    const who = this.all[world.below(3)] as Sharer
    const other = this.others[world.below(2)] as Sharer
    const path = ['/a', '/b', '/dir/c', '/dir/deep/d'][world.below(4)] as string
    if (what < 5) await this.#write(who, path, `${who.name} ${number}`)
    else if (what === 5) {
      await this.until(who.remove(`${who === this.anna ? '/photos' : MOUNT}${['/b', '/dir'][world.below(2)] as string}`).catch(() => {}))
      world.note(`${who.name} removes`)
    } else if (what === 6) await this.#right(other)
    else if (what === 7) {
      const [one, two] = [this.all[world.below(3)] as Sharer, this.all[world.below(3)] as Sharer]
      if (world.below(2) === 0) world.network.cut(one.node.publicKey, two.node.publicKey)
      else world.network.join(one.node.publicKey, two.node.publicKey)
    } else if (what === 8) {
      // wherever it is in what it does
      await world.clock.pass(world.below(400))
      who.crash()
      await world.clock.pass(world.below(60_000))
      await this.until(who.start())
      world.note(`${who.name} crashed`)
    } else await world.clock.pass(world.below(what === 9 ? 300 : 40_000))
  }

  async #write(who: Sharer, path: string, text: string): Promise<void> {
    const { world } = this.company
    const mayNot = who !== this.anna && this.grantsOf(who).length === 0
    const work = who.put(`${who === this.anna ? '/photos' : MOUNT}${path}`, text).then(
      () => {
        if (mayNot) this.forbidden.set(text, who)
        this.acknowledged.push({ by: who, path, text })
      },
      (error: unknown) => {
        if (!isHoltError(error)) throw error
      },
    )
    if (world.below(4) > 0) await this.until(work)
    world.note(`${who.name} puts ${path}`)
  }

  /** Gives the right to write, or takes it back. */
  async #right(other: Sharer): Promise<void> {
    const { owner } = this.anna.sharing
    const [grant] = this.grantsOf(other)
    // what waits at the other may come from now on
    if (!grant) for (const [text, by] of this.forbidden) if (by === other) this.forbidden.delete(text)
    const work = grant
      ? owner.revoke(this.anna.given, grant.serial)
      : owner.letWrite(this.anna.given, { subject: other.owner.publicKey, path: '/' })
    await this.until(work.catch(() => {}))
    this.company.world.note(`${other.name} ${grant ? 'may not write' : 'may write'}`)
  }

  async textsOf(sharer: Sharer, path: string): Promise<string[]> {
    const texts: string[] = []
    for (const { sequence, entry } of await pathVersions(sharer.volume, path))
      if (entry?.t === 'f') texts.push(await (await (await sharer.volume.at(sequence)).openFile(path)).text())
    return texts
  }
}

async function shareForAWhile(seed: number): Promise<string[]> {
  const story = new Story(seed)
  await story.begin()
  const { world } = story.company
  for (let number = 0; number < 15 + world.below(20); number++) await story.happens(number)
  for (const one of story.all) for (const two of story.all) if (one !== two) world.network.join(one.node.publicKey, two.node.publicKey)
  await world.clock.pass(5 * 60_000)
  const { anna, others } = story
  const warnings = story.all.flatMap((one) => one.warnings.map((text) => `${one.name}: ${text}`)).join('; ')
  for (const { by, path, text } of story.acknowledged) {
    const at = by === anna ? `/photos${path}` : `${MOUNT}${path}`
    const texts = await story.until(story.textsOf(by, at))
    assert.ok(texts.includes(text), `${by.name} acknowledged ${text} of ${path}: ${texts.join()}`)
  }
  for (const path of ['/a', '/b', '/dir/c', '/dir/deep/d']) {
    const texts = await story.until(story.textsOf(anna, `/photos${path}`))
    for (const text of texts) assert.ok(!story.forbidden.has(text), `${text} of ${path} came to Anna without a right`)
    const newest = await anna.read(`/photos${path}`)
    for (const other of others) {
      assert.equal(await other.volume.current().stat('/diary'), null)
      const { unsent, problem } = other.sharing.taker.status(other.taken)
      if (unsent) continue
      assert.equal(await other.read(`${MOUNT}${path}`), newest, `${path} at ${other.name} (${problem}): ${warnings}`)
    }
  }
  for (const one of story.all) await story.until(one.sharing.stop())
  return world.history
}

test('what was acknowledged is lost nowhere, without a right nothing comes to the owner, and all end with the same', async () => {
  await eachSeed(FILE, SEEDS, async (seed) => void (await shareForAWhile(seed)))
})
