import assert from 'node:assert/strict'
import test from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { defaultLimits } from '@holt/sandbox/limits.ts'
import { type Effects, MOST_WAITING, ProgramRunner } from './program-runner.ts'
import { FakeSandbox, type Handler, MemoryKeeping } from './testing/fake-sandbox.ts'

function runner(handler: Handler, { idleMs = 60_000, effects }: { idleMs?: number; effects?: Effects } = {}) {
  const sandbox = new FakeSandbox(handler)
  const keeping = new MemoryKeeping()
  let nowMs = 0
  const program = new ProgramRunner({
    sandbox,
    keeping,
    code: { id: 'x', kind: 'script', load: async () => new Uint8Array(0) },
    limits: defaultLimits,
    powers: async () => new Uint8Array(0),
    ...(effects === undefined ? {} : { effects }),
    onLog: () => {},
    idleMs,
    nowMs: () => nowMs,
  })
  const deliver = async (name: string) => new TextDecoder().decode(await program.deliver({ name, body: new Uint8Array(0) }))
  return { sandbox, keeping, program, deliver, pass: (ms: number) => void (nowMs += ms) }
}

const count: Handler = (name, store) => {
  if (name === 'read') return String(store.get('n')?.[0] ?? 0)
  store.set('n', Uint8Array.of((store.get('n')?.[0] ?? 0) + 1))
  if (name === 'fail') throw new HoltError('PROGRAM_FAILED', 'thrown')
  return String(store.get('n')?.[0])
}

test('deliveries come one after the other, and what they changed is kept', async () => {
  const { program, deliver, keeping, sandbox } = runner(count)
  assert.deepEqual(await Promise.all(['add', 'add', 'read'].map(deliver)), ['1', '2', '2'])
  assert.deepEqual([keeping.kept.get('n'), sandbox.opened], [Uint8Array.of(2), 1])
  const meters = { meter: 30, lastMeter: 10, mostMeter: 10, timeMs: 3 }
  assert.deepEqual(program.totals, { deliveries: 3, failures: 0, ...meters, memoryBytes: 100, storeBytes: 35, waiting: 0 })
  await program.stop()
  assert.equal(sandbox.open, 0)
})

test('a delivery that fails changes nothing, and those after it go on from before', async () => {
  const { program, deliver, sandbox } = runner(count)
  assert.equal(await deliver('add'), '1')
  const [failed, next] = await Promise.allSettled(['fail', 'add'].map(deliver))
  assert.equal(failed?.status, 'rejected')
  assert.deepEqual(next, { status: 'fulfilled', value: '2' })
  assert.deepEqual([sandbox.opened, program.totals.failures], [2, 1])
  await program.stop()
})

test('an answer waits until what it says is kept; what cannot be kept is not answered, and is not there afterwards', async () => {
  const { program, deliver, keeping } = runner(count)
  let open = (): void => {}
  keeping.gate = new Promise<void>((resolve) => (open = resolve))
  let answered = 0
  const [first, reading] = ['add', 'read'].map((name) => deliver(name).then((text) => (answered++, text)))
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(answered, 0, 'also what only read waits: it tells of what is not kept yet')
  open()
  assert.deepEqual([await first, await reading], ['1', '1'])
  keeping.gate = null
  keeping.fails = new HoltError('DISK_FULL', 'full')
  await assert.rejects(deliver('add'), { code: 'DISK_FULL' })
  keeping.fails = null
  await program.settled()
  assert.equal(await deliver('read'), '1')
  await program.stop()
})

test('what deliveries change while something is being kept is kept together, and each is answered when it is', async () => {
  const { program, deliver, keeping } = runner(count)
  let open = (): void => {}
  keeping.gate = new Promise<void>((resolve) => (open = resolve))
  const all = ['add', 'add', 'add', 'add'].map(deliver)
  for (let i = 0; program.totals.meter < 40 && i < 1000; i++) await new Promise((resolve) => setTimeout(resolve, 1))
  open()
  assert.deepEqual(await Promise.all(all), ['1', '2', '3', '4'])
  assert.deepEqual([keeping.keeps, keeping.kept.get('n')], [2, Uint8Array.of(4)])
  await program.stop()
})

test('a program that does not start is tried again after a pause, longer each time', async () => {
  const { program, deliver, sandbox, pass } = runner(count)
  sandbox.failsToOpen = new HoltError('PROGRAM_INVALID', 'no')
  for (let i = 0; i < 5; i++) await assert.rejects(deliver('add'), { code: 'PROGRAM_INVALID' })
  assert.equal(sandbox.opened, 1)
  pass(1001)
  await assert.rejects(deliver('add'), { code: 'PROGRAM_INVALID' })
  pass(1001)
  await assert.rejects(deliver('add'), { code: 'PROGRAM_INVALID' })
  assert.equal(sandbox.opened, 2, 'now the pause is two seconds')
  sandbox.failsToOpen = null
  pass(2000)
  assert.equal(await deliver('add'), '1')
  await program.stop()
})

test('without work it gives its thread back, and has all when work comes', async () => {
  const { program, deliver, sandbox } = runner(count, { idleMs: 5 })
  assert.equal(await deliver('add'), '1')
  for (let i = 0; sandbox.open > 0 && i < 1000; i++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.deepEqual([sandbox.open, program.isOpen], [0, false])
  assert.equal(await deliver('add'), '2')
  await program.stop()
})

test('too many that wait are refused, and stopping refuses all and ends what runs', async () => {
  const { program, deliver, sandbox } = runner(() => new Promise(() => {}))
  const all = Array.from({ length: MOST_WAITING + 1 }, () => deliver('hang'))
  await assert.rejects(deliver('hang'), { code: 'LIMIT_REACHED' })
  assert.equal(program.totals.waiting, MOST_WAITING)
  const refused = Promise.allSettled(all.slice(1))
  void all[0]?.catch(() => {})
  void program.stop()
  assert.ok((await refused).every((one) => one.status === 'rejected' && (one.reason as HoltError).code === 'PROGRAM_ENDED'))
  assert.equal(sandbox.open, 0)
  await assert.rejects(deliver('later'), { code: 'PROGRAM_ENDED' })
})

test('what deliveries ask for beside is done in their order when they are kept, and not when they fail or cannot be kept', async () => {
  const seen: string[] = []
  let turn = 0
  const effects: Effects = {
    begin: () => void turn++,
    take: (answer) => {
      const name = `${turn}: ${answer === null ? 'nothing' : new TextDecoder().decode(answer)}`
      return { done: () => void seen.push(name), undone: () => void seen.push(`${name} undone`) }
    },
    drop: () => void seen.push(`${turn} dropped`),
  }
  const { program, deliver, keeping } = runner(count, { effects })
  let open = (): void => {}
  keeping.gate = new Promise<void>((resolve) => (open = resolve))
  const all = ['add', 'read', 'add'].map(deliver)
  for (let i = 0; program.totals.meter < 30 && i < 1000; i++) await new Promise((resolve) => setTimeout(resolve, 1))
  assert.deepEqual(seen, [], 'nothing of it is kept yet')
  open()
  await Promise.all(all)
  await program.turn(() => null)
  assert.deepEqual(seen.splice(0), ['1: 1', '2: 1', '3: 2', '4: nothing'])
  await assert.rejects(deliver('fail'))
  keeping.fails = new HoltError('DISK_FULL', 'full')
  await assert.rejects(deliver('add'), { code: 'DISK_FULL' })
  assert.deepEqual(seen.slice(0, 2), ['5 dropped', '6: 3 undone'])
  await program.stop()
})
