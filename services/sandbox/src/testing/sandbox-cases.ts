import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { utf8 } from '@holt/core/bytes.ts'
import { HoltError, type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { capLimits } from '../limits.ts'
import { applySnapshot } from '../snapshot.ts'
import type { Delivery, LogLine, Powers, ProgramCode, Sandbox, Vat, VatImage, VatLimits, VatOptions } from '../types.ts'
import { assemble, I32, i32 } from './assemble.ts'
import { asker, caller, command, counter, echo, endless, script, wasm } from './programs.ts'

const MiB = 1024 * 1024

const echoing: Powers = async (name, args) => {
  if (name === 'echo') return args.slice()
  if (name === 'secret') throw new Error('a path of the node')
  throw new HoltError('NOT_AUTHORIZED', `not granted: ${name}`)
}

export function open(
  sandbox: Sandbox,
  code: ProgramCode,
  options: Partial<VatOptions> & { limit?: Partial<VatLimits> } = {},
): Promise<Vat> {
  const { limit = {}, ...rest } = options
  return sandbox.openVat({ code, powers: echoing, limits: capLimits({ timeMs: 60_000, ...limit }), ...rest })
}

/** The answer of a delivery, as text. */
export async function told(vat: Vat, body: string | Uint8Array, more: Partial<Delivery> = {}): Promise<string> {
  const result = await vat.deliver({ name: 'test', body: typeof body === 'string' ? utf8(body) : body, ...more })
  return new TextDecoder().decode(result.body)
}

export function withCode(code: HoltErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isHoltError(error, code), `${code} was expected, this came: ${String(error)}`)
    return true
  }
}

const answering = (expression: string) => `holt.onDeliver = async (name, body) => ${expression}`

/** What every sandbox does, whatever its programs run in. */
export function sandboxCases(where: string, openSandbox: () => Sandbox | Promise<Sandbox>): void {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await openSandbox()
  })
  after(() => sandbox.stop())

  const both = (name: string, work: () => Promise<void>): void => void test(`${where}: ${name}`, work)

  both('a program in WebAssembly answers, uses powers at once and later', async () => {
    for (const program of [echo, caller, asker]) {
      const vat = await open(sandbox, wasm(program))
      assert.equal(await told(vat, 'hello'), 'hello')
      assert.equal(await told(vat, ''), '')
      await vat.end()
    }
  })

  both('a script answers, uses powers at once and later, and sees their errors by code', async () => {
    const vat = await open(
      sandbox,
      script(`
        const text = (bytes) => new TextDecoder().decode(bytes)
        const code = (work) => { try { work(); return 'none' } catch (error) { return error.code } }
        ${answering(`[text(body), text(holt.call('echo', body)), text(await holt.ask('echo', body)),
          code(() => holt.call('other', '')), code(() => holt.call('secret', '')),
          await holt.ask('secret', '').catch((error) => error.message)].join(' ')`)}
      `),
    )
    assert.equal(await told(vat, 'é'), 'é é é NOT_AUTHORIZED INTERNAL the node failed at this')
    await vat.end()
  })

  both('long answers of powers arrive whole, both ways', async () => {
    const long = new Uint8Array(3 * MiB + 7).map((_, index) => index * 31)
    for (const call of ['holt.call', 'await holt.ask']) {
      const vat = await open(sandbox, script(answering(`${call}('echo', body)`)))
      const { body } = await vat.deliver({ name: 'test', body: long.slice() })
      assert.deepEqual(body, long)
      await vat.end()
    }
  })

  both('a WASI command runs anew for each delivery: body in, standard output out', async () => {
    const vat = await open(sandbox, wasm(command))
    assert.equal(await told(vat, '0 in, out'), '0 in, out')
    await assert.rejects(told(vat, '3'), withCode('PROGRAM_FAILED'))
    assert.equal(await told(vat, '0 again'), '0 again')
    await vat.end()
  })

  both('the same state and the same input cost the same, and another input another sum', async () => {
    const code = script(
      answering(
        '{ let sum = 0; for (let i = 0; i < body[0]; i++) sum += Math.random(); return String(sum) }'
          .replace(/^\{/, '(() => {')
          .concat(')()'),
      ),
    )
    const meters: number[] = []
    const answers: string[] = []
    for (const input of [50, 50, 51]) {
      const vat = await open(sandbox, code, { now: 0, seed: new Uint8Array(32) })
      const { meter, body } = await vat.deliver({ name: 'test', body: Uint8Array.of(input), now: 0, seed: new Uint8Array(32) })
      meters.push(meter)
      answers.push(new TextDecoder().decode(body))
      await vat.end()
    }
    assert.equal(meters[0], meters[1])
    assert.notEqual(meters[0], meters[2])
    assert.ok(answers.every((answer) => Number(answer) > 0))
  })

  both('the clock stands still during a delivery and says what it was given', async () => {
    const vat = await open(sandbox, script(answering("[Date.now(), new Date().toISOString(), holt.now()].join(' ')")))
    assert.equal(await told(vat, '', { now: 1_700_000_000_150 }), '1700000000100 2023-11-14T22:13:20.100Z 1700000000100')
    await vat.end()
  })

  both('an endless program is ended at its meter; others go on', async () => {
    const other = await open(sandbox, script(answering('body')))
    for (const code of [wasm(endless), script(answering('{ for (;;); }'.replace(/^/, '(() => ').concat(')()')))]) {
      const vat = await open(sandbox, code, { limit: { meter: 50_000_000 } })
      const failing = told(vat, '')
      assert.equal(await told(other, 'still'), 'still')
      await assert.rejects(failing, withCode('METER_EXCEEDED'))
      assert.equal((await vat.ended).code, 'METER_EXCEEDED')
      assert.equal(vat.alive, false)
      await assert.rejects(told(vat, ''), withCode('PROGRAM_ENDED'))
    }
    await other.end()
  })

  both('an endless program is ended at its time, also at its top level and in its start function', async () => {
    const limit = { timeMs: 300, meter: 1e15 }
    const vat = await open(sandbox, wasm(endless), { limit: { ...limit } })
    await assert.rejects(told(vat, ''), withCode('TIME_EXCEEDED'))
    await assert.rejects(open(sandbox, script('for (;;);'), { limit: { timeMs: 2000, meter: 1e15 } }), withCode('TIME_EXCEEDED'))
    const starting = wasm({ memory: { min: 1 }, functions: [{ export: 'holt_deliver', code: [0x03, 0x40, 0x0c, 0, 0x0b] }], start: 0 })
    await assert.rejects(open(sandbox, starting, { limit }), withCode('TIME_EXCEEDED'))
    await assert.rejects(open(sandbox, starting, { limit: { meter: 1000 } }), withCode('METER_EXCEEDED'))
  })

  both('memory is bounded: growing is refused, a script gets an exception, a module that begins too large does not begin', async () => {
    const growing = wasm({
      imports: [{ name: 'holt.answer', params: [I32, I32] }],
      memory: { min: 1 },
      functions: [
        { export: 'holt_deliver', code: [0x03, 0x40, ...i32(1), 0x40, 0, ...i32(0), 0x4e, 0x0d, 0, 0x0b, ...i32(0), ...i32(1), 0x10, 0] },
      ],
    })
    const vat = await open(sandbox, growing, { limit: { memoryBytes: 4 * MiB } })
    const { memoryBytes } = await vat.deliver({ name: 'test', body: new Uint8Array() })
    assert.equal(memoryBytes, 4 * MiB)
    await vat.end()
    await assert.rejects(
      open(sandbox, wasm({ memory: { min: 100 }, functions: [{ export: 'holt_deliver', code: [] }] }), { limit: { memoryBytes: MiB } }),
      withCode('MEMORY_EXCEEDED'),
    )
    const hungry = await open(
      sandbox,
      script(answering('{ const all = []; for (;;) all.push(new Uint8Array(65536)) }'.replace(/^/, '(() => ').concat(')()'))),
      { limit: { memoryBytes: 16 * MiB } },
    )
    await assert.rejects(told(hungry, ''), withCode('MEMORY_EXCEEDED'))
    await hungry.end()
  })

  both('a failed delivery changes nothing in the store; what a good one changed is told', async () => {
    const vat = await open(
      sandbox,
      script(`holt.onDeliver = (name, body) => {
        holt.store.set('count', String(Number(new TextDecoder().decode(holt.store.get('count') ?? '0')) + 1))
        holt.store.delete('old')
        if (name === 'fail') throw new RangeError('no')
        return holt.store.keys().join() + ' ' + new TextDecoder().decode(holt.store.get('count'))
      }`),
      { store: [{ key: 'old', value: utf8('x') }] },
    )
    await assert.rejects(vat.deliver({ name: 'fail', body: new Uint8Array() }), withCode('PROGRAM_FAILED'))
    assert.equal(vat.alive, true)
    const result = await vat.deliver({ name: 'good', body: new Uint8Array() })
    assert.equal(new TextDecoder().decode(result.body), 'count 1')
    assert.deepEqual(
      [...result.changes]
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ key, value }) => [key, value === null ? null : new TextDecoder().decode(value)]),
      [
        ['count', '1'],
        ['old', null],
      ],
    )
    await vat.end()
  })

  both('the store, the log, waiting uses of powers and messages have bounds', async () => {
    const lines: LogLine[] = []
    const code = script(`
      const tried = async (work) => { try { await work(); return 'done' } catch (error) { return error.code } }
      holt.onDeliver = async (name, body) => {
        for (let i = 0; i < 1000; i++) console.log('x'.repeat(100))
        const store = await tried(() => { for (let i = 0; ; i++) holt.store.set('k' + i, body) })
        const waiting = []
        const asks = await tried(() => { for (;;) { const one = holt.ask('echo', ''); waiting.push(one); if (waiting.length > 9) return one } })
        await Promise.allSettled(waiting)
        const long = await tried(() => holt.call('echo', new Uint8Array(2000000)))
        return [store, asks, long].join()
      }`)
    const vat = await open(sandbox, code, {
      limit: { storeBytes: 10_000, logBytes: 1000, callsAtOnce: 8, messageBytes: MiB },
      onLog: (line) => lines.push(line),
    })
    assert.equal(await told(vat, 'value'), 'LIMIT_REACHED,LIMIT_REACHED,LIMIT_REACHED')
    assert.ok(lines.reduce((sum, { text }) => sum + text.length, 0) < 1200)
    assert.equal(lines.at(-1)?.level, 'warn')
    await vat.end()
    const large = await open(sandbox, script(answering('new Uint8Array(2000000)')), { limit: { messageBytes: MiB } })
    await assert.rejects(told(large, ''), withCode('LIMIT_REACHED'))
    await large.end()
  })

  both('a trap ends the vat, deep recursion of a script does not', async () => {
    const trapping = await open(sandbox, wasm({ memory: { min: 1 }, functions: [{ export: 'holt_deliver', code: [0x00] }] }))
    await assert.rejects(told(trapping, ''), withCode('PROGRAM_FAILED'))
    assert.equal(trapping.alive, false)
    const deep = await open(sandbox, wasm({ memory: { min: 1 }, functions: [{ export: 'holt_deliver', code: [0x10, 0] }] }))
    await assert.rejects(told(deep, ''), withCode('PROGRAM_FAILED'))
    const recursing = await open(sandbox, script(`const f = () => f() + 1; holt.onDeliver = (name) => name === 'test' ? f() : 'lives'`))
    await assert.rejects(told(recursing, ''), withCode('PROGRAM_FAILED'))
    assert.equal(await told(recursing, '', { name: 'other' }), 'lives')
    await recursing.end()
  })

  both('a delivery is done when all that it asked for is answered; one that waits for nothing fails', async () => {
    let answered = 0
    const slow: Powers = async (_name, args) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      answered++
      return args.slice()
    }
    const vat = await open(
      sandbox,
      script(
        `holt.onDeliver = (name) => { if (name === 'never') return new Promise(() => {}); void holt.ask('echo', 'x'); return 'early' }`,
      ),
      { powers: slow },
    )
    assert.equal(await told(vat, ''), 'early')
    assert.equal(answered, 1)
    await assert.rejects(told(vat, '', { name: 'never' }), withCode('PROGRAM_FAILED'))
    assert.equal(await told(vat, ''), 'early')
    await vat.end()
  })

  both('deliveries wait for each other, in order', async () => {
    const vat = await open(
      sandbox,
      script(
        `let n = 0; holt.onDeliver = async (name, body) => { const mine = ++n; await holt.ask('echo', ''); return mine === n ? String(mine) : 'mixed' }`,
      ),
    )
    assert.deepEqual(await Promise.all(Array.from({ length: 5 }, () => told(vat, ''))), ['1', '2', '3', '4', '5'])
    await vat.end()
  })

  both('a vat goes on from its snapshot, and the second has only what changed', async () => {
    for (const code of [
      wasm(counter),
      script('let n = 0; holt.onDeliver = async () => { n++; await holt.ask("echo", ""); return new Uint8Array([n, n]) }'),
    ]) {
      let vat = await open(sandbox, code)
      let image: VatImage | null = null
      const sizes: number[] = []
      for (let turn = 1; turn <= 3; turn++) {
        assert.equal(await told(vat, ''), String.fromCharCode(turn, turn))
        const snapshot = await vat.snapshot()
        sizes.push(snapshot.runs.reduce((sum, { bytes }) => sum + bytes.length, 0))
        image = applySnapshot(image, snapshot)
      }
      assert.ok((sizes[2] as number) <= (sizes[0] as number), sizes.join())
      assert.ok((sizes[2] as number) < 200_000, sizes.join())
      const copy = { memory: (image as VatImage).memory.slice(), state: (image as VatImage).state }
      const input = { now: 5000, seed: new Uint8Array(32) }
      const here = await vat.deliver({ name: 'test', body: new Uint8Array(), ...input })
      await vat.end()
      vat = await open(sandbox, code, { image: copy })
      const there = await vat.deliver({ name: 'test', body: new Uint8Array(), ...input })
      assert.deepEqual([...there.body], [4, 4])
      assert.equal(there.meter, here.meter)
      await vat.end()
    }
  })

  both('an image that is not of this program is refused', async () => {
    const vat = await open(sandbox, wasm(counter))
    const image = applySnapshot(null, await vat.snapshot())
    await vat.end()
    await assert.rejects(open(sandbox, wasm(echo), { image: { ...image, memory: image.memory.slice() } }), withCode('MALFORMED'))
    await assert.rejects(
      open(sandbox, wasm(counter), { image: { memory: image.memory.slice(0, 65536), state: image.state } }),
      withCode('MALFORMED'),
    )
    await assert.rejects(open(sandbox, wasm(counter), { image: { ...image, state: utf8('?') } }), withCode('MALFORMED'))
  })

  both('a module is prepared where programs run, and refused there', async () => {
    const { module, canSnapshot } = await sandbox.prepare(assemble(echo))
    assert.equal(canSnapshot, true)
    const vat = await open(sandbox, { id: 'prepared echo', kind: 'wasm', load: async () => module })
    assert.equal(await told(vat, 'x'), 'x')
    await vat.end()
    await assert.rejects(sandbox.prepare(utf8('no module')), withCode('PROGRAM_INVALID'))
    const unprepared: ProgramCode = { id: 'not prepared', kind: 'wasm', load: async () => assemble({ memory: { min: 1 } }) }
    await assert.rejects(open(sandbox, unprepared), withCode('PROGRAM_INVALID'))
  })

  both('code that cannot be loaded, and a script that throws at its top level, say so', async () => {
    const lost: ProgramCode = { id: 'lost', kind: 'script', load: () => Promise.reject(new HoltError('BLOCK_NOT_FOUND', 'gone')) }
    await assert.rejects(open(sandbox, lost), withCode('BLOCK_NOT_FOUND'))
    await assert.rejects(open(sandbox, script('throw new Error("no")')), withCode('PROGRAM_FAILED'))
    await assert.rejects(open(sandbox, script('not a script')), withCode('PROGRAM_FAILED'))
    const vat = await open(sandbox, script('1'))
    await assert.rejects(told(vat, ''), withCode('PROGRAM_FAILED'))
    await vat.end()
  })

  both('ending a vat ends what it does and what it asked for', async () => {
    let aborted = false
    const asked = new Promise<void>((resolve) => {
      void open(sandbox, script(answering("holt.ask('wait', '')")), {
        powers: (_name, _args, { signal }) =>
          new Promise((_, reject) => {
            resolve()
            signal.addEventListener('abort', () => {
              aborted = true
              reject(new HoltError('CANCELLED', 'ended'))
            })
          }),
      }).then(async (vat) => {
        const failing = assert.rejects(told(vat, ''), withCode('PROGRAM_ENDED'))
        await asked
        await vat.end()
        await failing
        assert.equal((await vat.ended).code, 'ENDED')
        finish()
      })
    })
    let finish!: () => void
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    assert.equal(aborted, true)
  })
}
