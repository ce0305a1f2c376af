import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { eachSeed, SimulatedWorld } from '../testing/simulated-world.ts'
import { Election, type ElectionAnswer, type ElectionMessage, type ElectionState } from './election.ts'
import { compareTokens, type FencingToken, type Lease, LeaseTable } from './leases.ts'

const FILE = 'services/network/src/cluster/leases.simulation.test.ts'
/** Two minutes of up to five nodes take longer than a few requests: a quarter of what cheaper simulations run. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 4))
const LIFE_MS = 120_000

/** A lease as its holder has it, in the time of the world. */
interface Held {
  path: string
  holder: Uint8Array
  token: FencingToken
  fromMs: number
  untilMs: number
}

class Voter {
  readonly node: Uint8Array
  election!: Election
  table: LeaseTable | null = null
  /** What is durable. */
  saved: ElectionState = { term: 0, votedFor: null }
  isOn = false
  life = 0
  /** Clocks begin anywhere, and run a little faster or slower. */
  readonly #rate: number
  readonly #offsetMs: number
  readonly #house: House

  constructor(house: House, number: number) {
    this.#house = house
    this.node = Uint8Array.from({ length: 32 }, () => number + 1)
    this.#rate = 0.97 + house.world.random() * 0.06
    this.#offsetMs = house.world.below(86_400_000)
  }

  now(): number {
    return this.#offsetMs + this.#house.world.clock.nowMs() * this.#rate
  }

  /** Of the world, for a time of this node. */
  worldMs(ownMs: number): number {
    return (ownMs - this.#offsetMs) / this.#rate
  }

  start(): void {
    const { voters, world } = this.#house
    this.isOn = true
    this.life++
    this.table = null
    this.election = new Election({
      self: this.node,
      voters: voters.map(({ node }) => node),
      state: this.saved,
      nowMs: this.now(),
      random: world.random,
    })
    this.wake()
  }

  crash(): void {
    this.isOn = false
    this.life++
  }

  wake(): void {
    const { life } = this
    const waitMs = Math.max(1, (this.election.nextMs() - this.now()) / this.#rate)
    this.#house.world.clock.after(waitMs, () => {
      if (this.life !== life) return
      this.send(this.election.tick(this.now()))
      this.wake()
    })
  }

  /** What is sent follows from what is durable. */
  send(messages: readonly ElectionMessage[]): void {
    this.saved = this.election.state
    const sentMs = this.now()
    const { life } = this
    for (const { to, ask } of messages)
      this.#house.carry(this, to, (other) => {
        const answer = other.election.asked(this.node, ask, other.now())
        other.saved = other.election.state
        other.changed()
        this.#house.carry(other, this.node, () => {
          if (this.life === life)
            this.send(this.election.answered(other.node, ask, answer as ElectionAnswer, { sentMs, nowMs: this.now() }))
        })
      })
    this.changed()
  }

  changed(): void {
    if (this.election.role !== 'leader') this.table = null
    this.#house.look()
  }

  grant(wanted: { path: string; holder: Uint8Array; lastsMs: number }): Lease | null {
    if (!this.election.isLeading(this.now())) return null
    this.table ??= new LeaseTable({ term: this.election.state.term, nowMs: this.now() })
    try {
      return this.table.grant(wanted, this.now())
    } catch (error) {
      if (isHoltError(error, 'CONFLICT')) return null
      throw error
    }
  }
}

class House {
  readonly world: SimulatedWorld
  readonly voters: Voter[] = []
  readonly granted: Held[] = []
  readonly cut = new Set<string>()
  /** Nothing is lost or late any more. */
  isCalm = false
  readonly ledTerms = new Map<number, Voter>()

  constructor(seed: number) {
    this.world = new SimulatedWorld(seed)
    const count = 1 + this.world.below(5)
    for (let number = 0; number < count; number++) this.voters.push(new Voter(this, number))
    for (const voter of this.voters) voter.start()
  }

  any(): Voter {
    return this.voters[this.world.below(this.voters.length)] as Voter
  }

  /** A message, late or lost. */
  carry(from: Voter, to: Uint8Array, arrive: (other: Voter) => void): void {
    const other = this.voters.find(({ node }) => equalBytes(node, to)) as Voter
    const isLost = (): boolean => this.cut.has(keyOf(from, other)) || !other.isOn
    if (!this.isCalm && this.world.below(20) === 0) return
    const delayMs = !this.isCalm && this.world.below(10) === 0 ? this.world.below(8000) : this.world.below(60)
    this.world.clock.after(delayMs, () => {
      if (!isLost()) arrive(other)
    })
  }

  /** At most one leads at a time, and one in a term. */
  look(): void {
    const leading = this.voters.filter((voter) => voter.isOn && voter.election.isLeading(voter.now()))
    assert.ok(leading.length <= 1, 'two lead at once')
    for (const voter of leading) {
      const before = this.ledTerms.get(voter.election.state.term)
      assert.ok(before === undefined || before === voter, 'two have led in one term')
      this.ledTerms.set(voter.election.state.term, voter)
    }
  }

  /** Somebody asks the one that it believes to lead for a lease. */
  wants(voter: Voter): void {
    const leader = voter.election.leader(voter.now())
    if (!voter.isOn || leader === null) return
    const path = ['/a', '/a/b', '/c'][this.world.below(3)] as string
    const lastsMs = 500 + this.world.below(15_000)
    const askedMs = voter.now()
    const { life } = voter
    const asks = (other: Voter): void => {
      const lease = other.grant({ path, holder: voter.node, lastsMs })
      if (lease !== null) this.note(lease, voter, askedMs, life)
    }
    if (equalBytes(leader, voter.node)) asks(voter)
    else this.carry(voter, leader, asks)
  }

  /** Its holder counts from when it asked, and hears of it later than that. */
  note({ path, holder, token, lastsMs }: Lease, voter: Voter, askedMs: number, life: number): void {
    this.world.clock.after(this.world.below(100), () => {
      if (voter.life !== life) return
      const untilMs = voter.worldMs(askedMs + lastsMs)
      const fromMs = this.world.clock.nowMs()
      if (untilMs <= fromMs) return
      for (const other of this.granted) {
        const isOver = other.untilMs <= fromMs || equalBytes(other.holder, holder) || !touch(other.path, path)
        assert.ok(isOver, `${path} and ${other.path} are held by two at once`)
        if (touch(other.path, path) && !equalBytes(other.holder, holder))
          assert.ok(compareTokens(other.token, token) < 0, 'a later lease has a higher token')
      }
      this.granted.push({ path, holder, token, fromMs, untilMs })
    })
  }
}

const keyOf = (a: Voter, b: Voter): string =>
  [a, b]
    .map(({ node }) => Number(node[0]))
    .sort((one, other) => one - other)
    .join()
const touch = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)

async function live(seed: number): Promise<{ house: House; story: string }> {
  const house = new House(seed)
  const { world } = house
  const endMs = world.clock.nowMs() + LIFE_MS
  while (world.clock.nowMs() < endMs) {
    await world.clock.pass(world.below(3000))
    const [voter, other] = [house.any(), house.any()]
    const what = world.below(12)
    if (what < 7) house.wants(voter)
    else if (what === 7 && voter.isOn) {
      voter.crash()
      if (world.below(2) === 0) voter.start()
    } else if (what === 8 && voter !== other) house.cut.add(keyOf(voter, other))
    else if (what === 9) house.cut.clear()
    else for (const one of house.voters) if (!one.isOn) one.start()
    house.look()
  }
  house.cut.clear()
  house.isCalm = true
  for (const one of house.voters) if (!one.isOn) one.start()
  await world.clock.pass(90_000)
  const led = house.voters.filter((voter) => voter.election.isLeading(voter.now()))
  const [leader] = led
  assert.equal(led.length, 1, 'all are there, and one leads')
  for (const voter of house.voters) assert.deepEqual(voter.election.leader(voter.now()), leader?.node)
  const story = house.granted.map(({ path, token, fromMs }) => `${fromMs} ${path} ${token.term}.${token.number}`).join('\n')
  for (const voter of house.voters) voter.crash()
  return { house, story }
}

test('at most one node leads, and at most one holds a lease, in the order of their tokens', async () => {
  let granted = 0
  await eachSeed(FILE, SEEDS, async (seed) => {
    granted += (await live(seed)).house.granted.length
  })
  assert.ok(granted > SEEDS || process.env['HOLT_SEED'] !== undefined, 'leases were granted at all')
})

test('the same seed is the same story', async () => {
  assert.equal((await live(5)).story, (await live(5)).story)
})
