import assert from 'node:assert/strict'
import test from 'node:test'
import { toHex } from '@holt/core/bytes.ts'
import type { Machine, MachineCounters } from '@holt/core/machine.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { networkBytes, readCounters } from '@holt/platform-nodejs/machine/counters.ts'
import { readFacts } from '@holt/platform-nodejs/machine/facts.ts'
import { between, MachineMonitor } from './machine-monitor.ts'
import { type StepValues, ValueRing } from './value-rings.ts'

const some: StepValues = { cpu: 0.25, memory: 0.5, celsius: 41.5, received: 256_000, sent: 512 }
/** Steps of a minute, two of them: one of which nothing is known, and `some`. */
const VECTOR =
  'a5617601646b696e646f6d616368696e652d686973746f72796473746570183c666e6577657374016676616c756573581cffffffffffffffffffffffffffff09c413880587000003e8000000022f62282d8064470f17e7f026482e6b3d25710f59578751b5ad2e02db76df3bb3'
const MIDNIGHT = 1_700_006_400

test('a ring holds the newest steps, knows nothing of those left out, and forgets the oldest', () => {
  const ring = new ValueRing(60, 5)
  ring.put(600, some)
  ring.put(720, { ...some, celsius: null, cpu: 7, received: -1, sent: Number.NaN })
  const { startTime, values } = ring.read(725)
  assert.equal(startTime, 720 - 4 * 60)
  assert.deepEqual(values, [null, null, some, null, { cpu: 1, memory: 0.5, celsius: null, received: 0, sent: 0 }])
  assert.deepEqual(ring.read(780).values, [null, some, null, values[4], null], 'time went on')
  ring.put(600 + 60 * 6, some)
  assert.deepEqual(ring.read(600 + 60 * 6).values, [values[4], null, null, null, some])
  ring.put(60 * 1000, some)
  assert.deepEqual(ring.read(60 * 1000).values, [null, null, null, null, some], 'long off')
})

test('a clock that was wrong does not stop the ring', () => {
  const ring = new ValueRing(60, 5)
  for (const minute of [10, 11, 12, 13]) ring.put(60 * minute, some)
  ring.put(60 * 11, { ...some, cpu: 1 })
  assert.deepEqual(ring.read(60 * 13).values, [null, some, { ...some, cpu: 1 }, null, null], 'set back a little')
  ring.put(60 * 1_000_000, some)
  ring.put(60 * 20, some)
  ring.put(60 * 21, some)
  assert.deepEqual(ring.read(60 * 21).values, [null, null, null, some, some], 'from far off back to now')
})

test('a ring is kept in the form that is written down', () => {
  const ring = new ValueRing(60, 2)
  ring.put(60, some)
  const encoded = ring.encode()
  const again = new ValueRing(60, 2)
  again.restore(encoded)
  assert.deepEqual(again.read(60), ring.read(60))
  assert.equal(toHex(encoded), VECTOR)
  assert.throws(() => new ValueRing(60, 3).restore(encoded), { code: 'MALFORMED' })
  assert.throws(() => again.restore(encoded.subarray(1)), { code: 'MALFORMED' })
})

/** Counters of a machine that is told what to do. */
class FakeMachine implements Machine {
  now: MachineCounters = {
    time: MIDNIGHT,
    uptimeSeconds: 100,
    cpuBusySeconds: 10,
    cpuSeconds: 200,
    memoryBytes: 1000,
    memoryUsedBytes: 500,
    nodeBytes: 100,
    celsius: null,
    receivedBytes: 5000,
    sentBytes: 700,
  }

  /** A minute on two processors. */
  minute({ cpu = 0.5, received = 0 }: { cpu?: number; received?: number } = {}): void {
    const { time, uptimeSeconds, cpuBusySeconds, cpuSeconds, receivedBytes } = this.now
    this.now = {
      ...this.now,
      time: time + 60,
      uptimeSeconds: uptimeSeconds + 60,
      cpuBusySeconds: cpuBusySeconds + 120 * cpu,
      cpuSeconds: cpuSeconds + 120,
      receivedBytes: receivedBytes + received,
    }
  }

  counters(): MachineCounters {
    return this.now
  }

  async facts(): Promise<never> {
    throw new Error('not asked for here')
  }
}

test('remembers minutes and hours, also after a restart', async () => {
  const machine = new FakeMachine()
  const data = new MemoryDisk()
  const warnings: string[] = []
  const options = { machine, data, log: (_level: string, text: string) => warnings.push(text) }
  const monitor = new MachineMonitor(options)
  await monitor.start()
  for (let i = 0; i < 90; i++) {
    machine.minute({ cpu: i < 60 ? 0.5 : 0.25, received: i === 89 ? 60 * 25_600 : 0 })
    monitor.measure()
  }
  const check = (kept: MachineMonitor): void => {
    const day = kept.history('day')
    assert.equal(day.cpu.length, 1440)
    assert.deepEqual(day.cpu.slice(-91, -1), [...Array<number>(60).fill(0.5), ...Array<number>(30).fill(0.25)])
    assert.equal(day.received.at(-2), 25_600)
    assert.deepEqual([day.cpu.at(-1), day.cpu.at(-92), day.celsius.at(-2), day.memory.at(-2)], [null, null, null, 0.5])
    const month = kept.history('month')
    assert.deepEqual(month.cpu.slice(-3), [null, 0.5, 0.25])
    assert.equal(month.startTime, MIDNIGHT + 3600 - 743 * 3600)
  }
  check(monitor)
  await monitor.stop()
  const again = new MachineMonitor(options)
  await again.start()
  check(again)
  await again.stop()
  await data.replaceFile('machine-day', new Uint8Array(40))
  const afterDamage = new MachineMonitor(options)
  await afterDamage.start()
  assert.ok(afterDamage.history('day').cpu.every((value) => value === null))
  assert.equal(warnings.length, 1)
  await afterDamage.stop()
})

test('counters that began anew, or a minute that took no time, give no values', () => {
  const machine = new FakeMachine()
  const before = machine.now
  assert.equal(between(before, before), null)
  machine.minute()
  assert.equal(between(machine.now, before), null)
  const pulled = { ...machine.now, receivedBytes: 3 }
  assert.equal(between(before, pulled)?.received, 0)
})

test('counts what network cards carry, and nothing twice', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000 5 0 0 0 0 0 0 1000 5 0 0 0 0 0 0
  wan0: 20 1 0 0 0 0 0 0 30 1 0 0 0 0 0 0
 port1:400 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0
  lan0: 400 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0
`
  const cards = new Set(['wan0', 'port1'])
  assert.deepEqual(
    networkBytes(text, (name) => cards.has(name)),
    { receivedBytes: 420, sentBytes: 530 },
  )
  assert.deepEqual(networkBytes(''), { receivedBytes: 0, sentBytes: 0 })
})

test('reads the machine that these tests run on', async () => {
  const counters = readCounters()
  assert.ok(counters.cpuSeconds > counters.cpuBusySeconds && counters.cpuBusySeconds > 0)
  assert.ok(counters.memoryBytes > counters.memoryUsedBytes && counters.memoryUsedBytes > counters.nodeBytes)
  const facts = await readFacts()
  assert.ok(facts.volumes.some(({ mount, totalBytes, freeBytes }) => mount === '/' && totalBytes > freeBytes))
  assert.equal(facts.runtime, process.versions.node)
  assert.equal(await readFacts(), facts, 'asked again at once')
})
