import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError, type HoltErrorCode } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { MOST_OUT_TO_ONE } from '@holt/kernel/outbox.ts'
import { ProgramRunner } from '@holt/kernel/program-runner.ts'
import { FakeSandbox, MemoryKeeping } from '@holt/kernel/testing/fake-sandbox.ts'
import type { Message } from '@holt/network/messages/messages-protocol.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { defaultLimits } from '@holt/sandbox/limits.ts'
import { Correspondence } from './correspondence.ts'
import type { MessagesGrant } from './messages-power.ts'
import { unpack } from '@holt/sandbox/parcel.ts'

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)
const bytesOf = (value: string) => new TextEncoder().encode(value)

/** The same numbers for the same seed. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** One node with one program, which writes down what it hears and sends what it is told to. */
class Side {
  readonly owner: Uint8Array
  readonly keeping = new MemoryKeeping()
  readonly program = new Uint8Array(16).fill(7)
  node: Uint8Array
  grant: MessagesGrant | null = { kind: 'messages', name: 'post' }
  /** It throws at this. */
  poison: string | null = null
  /** Carries what it sends. */
  carry: (message: Message) => Promise<void> = () => Promise.reject(new HoltError('PEER_UNREACHABLE', 'away'))
  readonly told: string[] = []
  nowMs = 1_800_000_000_000
  runner!: ProgramRunner
  correspondence!: Correspondence
  readonly timers = new Set<() => void>()

  constructor(seed: number) {
    this.owner = nodejsCrypto.ed25519PublicKey(new Uint8Array(32).fill(seed))
    this.node = new Uint8Array(32).fill(seed)
  }

  async start(): Promise<void> {
    await this.stop()
    const sandbox = new FakeSandbox((name, store, _options, body) => {
      if (name === 'send') this.use('send', unpack(body).head, unpack(body).body)
      else if (text(unpack(body).body) === this.poison) throw new HoltError('PROGRAM_FAILED', 'on purpose')
      else store.set('heard', bytesOf(`${text(store.get('heard'))}${text(unpack(body).body)} `))
      return ''
    })
    this.runner = new ProgramRunner({
      sandbox,
      code: { id: 'x', kind: 'script', load: async () => new Uint8Array(0) },
      limits: defaultLimits,
      powers: async () => new Uint8Array(0),
      keeping: this.keeping,
      onLog: () => {},
      onKept: (changes) => this.correspondence?.kept(changes),
    })
    await this.runner.open()
    this.correspondence = await Correspondence.open({
      runner: this.runner,
      program: this.program,
      post: { owner: this.owner, node: async () => this.node, contacts: () => [], send: (_to, message) => this.carry(message) },
      randomBytes: (size) => nodejsCrypto.randomBytes(size),
      now: () => this.nowMs,
      after: (_delayMs, action) => {
        this.timers.add(action)
        return () => void this.timers.delete(action)
      },
      timed: (delivery) => delivery,
      grant: () => this.grant,
      onUse: ({ what, error, note }) => this.told.push([what, error?.code ?? 'done', ...(error === null ? [] : [note])].join(', ')),
    })
    this.correspondence.start()
  }

  async stop(): Promise<void> {
    this.correspondence?.stop()
    this.timers.clear()
    await this.runner?.stop()
  }

  use(what: string, head: Record<string, unknown> = {}, body: Uint8Array = new Uint8Array(0)): Record<string, unknown> {
    return unpack(this.correspondence.use(this.runner.desk, this.grant as MessagesGrant, { what, parcel: { head, body } })).head
  }

  async send(to: Side, ...messages: string[]): Promise<void> {
    await this.runner.turn(() => {
      for (const message of messages) this.use('send', { to: principalToText(to.owner) }, bytesOf(message))
      return null
    })
  }

  get heard(): string {
    return text(this.keeping.kept.get('heard')).trim()
  }

  get waiting(): { count: number; problem: HoltErrorCode | null }[] {
    return this.use('waiting')['waiting'] as never
  }
}

/** Pauses are over, again and again, until `isOver`. */
async function pass(sides: readonly Side[], isOver: () => boolean): Promise<void> {
  for (let round = 0; round < 20_000; round++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (isOver()) return
    for (const { timers } of sides)
      for (const action of timers) {
        timers.delete(action)
        action()
      }
  }
  assert.fail(`it did not come to an end: ${JSON.stringify(sides.map(({ heard, waiting }) => [heard, waiting]))}`)
}

async function two(t: TestContext): Promise<[Side, Side]> {
  const sides: [Side, Side] = [new Side(1), new Side(2)]
  for (const side of sides) {
    await side.start()
    t.after(() => side.stop())
  }
  return sides
}

const connect = (from: Side, to: Side): void => {
  from.carry = (message) => to.correspondence.hear({ owner: from.owner, program: from.program }, message)
}

test('messages arrive once, in order, whatever is lost on the way, cannot be kept, or begins anew', async (t) => {
  for (let seed = 1; seed <= 25; seed++) {
    const chance = chances(seed)
    const [anna, ben] = await two(t)
    anna.carry = async (message) => {
      if (chance() < 0.3) throw new HoltError('PEER_UNREACHABLE', 'away')
      await ben.correspondence.hear({ owner: anna.owner, program: anna.program }, message)
      if (chance() < 0.3) throw new HoltError('TIMED_OUT', 'the answer was lost')
    }
    const sent: string[] = []
    for (let i = 0; i < 30; i++) {
      const word = `${seed}.${i}`
      const side = chance() < 0.5 ? anna : ben
      if (chance() < 0.15) side.keeping.fails = new HoltError('DISK_FULL', 'full')
      const kept = await anna.send(ben, word).then(
        () => true,
        () => false,
      )
      if (kept) sent.push(word)
      for (let turn = 0; turn < chance() * 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      for (const one of [anna, ben]) one.keeping.fails = null
      if (chance() < 0.2) await side.start()
    }
    await pass([anna, ben], () => ben.heard.split(' ').length >= sent.length && anna.waiting.length === 0)
    assert.equal(ben.heard, sent.join(' '), `seed ${seed}`)
    for (const side of [anna, ben]) await side.stop()
  }
})

test('what is sent in a delivery that fails does not go, and nothing goes before it is kept', async (t) => {
  const [anna, ben] = await two(t)
  connect(anna, ben)
  const failing = anna.runner.turn(() => {
    anna.use('send', { to: principalToText(ben.owner) }, bytesOf('no'))
    throw new HoltError('PROGRAM_FAILED', 'later')
  })
  await assert.rejects(failing, { code: 'PROGRAM_FAILED' })
  let open = (): void => {}
  anna.keeping.gate = new Promise((resolve) => (open = resolve))
  const sending = anna.send(ben, 'yes')
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(ben.heard, '')
  open()
  await sending
  await pass([anna, ben], () => ben.heard === 'yes')
  assert.throws(() => anna.use('send', { to: principalToText(ben.owner) }, bytesOf('outside')), { code: 'NOT_AUTHORIZED' })
})

test('one that the program fails at comes again, and is given up at last; those behind it arrive', async (t) => {
  const [anna, ben] = await two(t)
  connect(anna, ben)
  ben.poison = 'poison'
  await anna.send(ben, 'poison', 'good')
  await pass([anna, ben], () => ben.heard === 'good' && anna.waiting.length === 0)
  const again = 'hear, PROGRAM_FAILED, it is tried again later'
  assert.deepEqual(ben.told, [again, again, again, again, 'hear, PROGRAM_FAILED, it is not tried again', 'hear, done'])
})

test('who is not listened to waits, and so does who is away; too much that waits is refused, and what nobody took for a month is given up', async (t) => {
  const [anna, ben] = await two(t)
  connect(anna, ben)
  ben.grant = { kind: 'messages', name: 'post', with: [new Uint8Array(32)] }
  await anna.send(ben, 'hello')
  await pass([anna, ben], () => anna.waiting[0]?.problem === 'NOT_AUTHORIZED')
  ben.grant = { kind: 'messages', name: 'post', with: [anna.owner] }
  await pass([anna, ben], () => ben.heard === 'hello')

  anna.carry = () => Promise.reject(new HoltError('PEER_UNREACHABLE', 'away'))
  for (let i = 0; i < MOST_OUT_TO_ONE; i++) await anna.send(ben, `w${i}`)
  await assert.rejects(anna.send(ben, 'one more'), { code: 'LIMIT_REACHED' })
  assert.equal(anna.waiting[0]?.count, MOST_OUT_TO_ONE)
  const tooLong = anna.runner.turn(() => {
    anna.use('send', { to: principalToText(ben.owner) }, new Uint8Array(65_537))
    return null
  })
  await assert.rejects(tooLong, { code: 'TOO_LARGE' })
  anna.grant = { kind: 'messages', name: 'post', with: [anna.owner] }
  await assert.rejects(anna.send(ben, 'x'), { code: 'NOT_AUTHORIZED' })
  anna.grant = { kind: 'messages', name: 'post' }
  anna.nowMs += 31 * 86_400_000
  await pass([anna, ben], () => anna.waiting.length === 0)
  assert.equal(anna.told.filter((line) => line === 'arrive, PEER_UNREACHABLE, it is given up').length, MOST_OUT_TO_ONE)
})

test('a message of a later build waits for one that can read it, and the others go', async (t) => {
  const [anna, ben] = await two(t)
  const key = `out/${toHex(ben.owner)}/${toHex(ben.program)}/${'0'.repeat(16)}`
  anna.keeping.desk.set(key, encode({ v: 2, kind: 'message-out' }))
  await anna.start()
  connect(anna, ben)
  await anna.send(ben, 'hello')
  await pass([anna, ben], () => ben.heard === 'hello')
  assert.ok(anna.keeping.desk.has(key))
})

test('a program that was brought back from an older state, on another node, is not taken for one that repeats itself', async (t) => {
  const [anna, ben] = await two(t)
  connect(anna, ben)
  await anna.send(ben, 'one')
  await pass([anna, ben], () => ben.heard === 'one')
  const old = new Map(anna.keeping.desk)
  await anna.send(ben, 'two')
  await pass([anna, ben], () => ben.heard === 'one two')
  await anna.stop()
  anna.keeping.desk.clear()
  for (const [key, value] of old) anna.keeping.desk.set(key, value)
  anna.node = new Uint8Array(32).fill(9)
  await anna.start()
  await anna.send(ben, 'three')
  await pass([anna, ben], () => ben.heard === 'one two three')
})
