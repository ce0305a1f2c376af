import { errorFromJson, errorToJson, HoltError, type HoltErrorJson } from '@holt/core/errors.ts'
import type { MemoryRun, ProgramCode, Sandbox, Vat, VatSnapshot } from '../types.ts'
import { type ByteChannel, encodeFrame, FrameReader } from './frames.ts'
import { type FromCage, LONGEST_TO_CAGE, SNAPSHOT_FRAME_BYTES, type ToCage } from './protocol.ts'

interface Deferred {
  resolve: (bytes: Uint8Array) => void
  reject: (error: unknown) => void
}

/** Serves a sandbox to the node at the other end of a channel. It believes the node. */
export class SandboxServer {
  readonly #channel: ByteChannel
  readonly #sandbox: Sandbox
  readonly #vats = new Map<number, Vat>()
  readonly #ending = new Set<number>()
  readonly #calls = new Map<string, Deferred>()
  readonly #asked = new Map<number, Set<Promise<void>>>()
  readonly #loading = new Map<string, Deferred>()
  #nextCall = 1
  #takeEngine: (bytes: Uint8Array) => void = () => {}

  /** @param options `engine`: the bytes of the JavaScript engine, which the node sends first. */
  static start(channel: ByteChannel, make: (engine: () => Promise<Uint8Array>) => Sandbox): SandboxServer {
    let take: (bytes: Uint8Array) => void = () => {}
    const engine = new Promise<Uint8Array>((resolve) => {
      take = resolve
    })
    const server = new SandboxServer(
      channel,
      make(() => engine),
    )
    server.#takeEngine = take
    return server
  }

  constructor(channel: ByteChannel, sandbox: Sandbox) {
    this.#channel = channel
    this.#sandbox = sandbox
    const reader = new FrameReader(LONGEST_TO_CAGE)
    channel.onBytes((bytes) => {
      for (const { head, blobs } of reader.read(bytes)) this.#take(head as ToCage, blobs)
    })
    this.#send({ t: 'ready' })
  }

  #send(head: FromCage, blobs: readonly Uint8Array[] = []): void {
    this.#channel.write(encodeFrame({ head, blobs }))
  }

  #take(message: ToCage, blobs: readonly Uint8Array[]): void {
    const [first = new Uint8Array(), second = new Uint8Array()] = blobs
    switch (message.t) {
      case 'engine':
        return this.#takeEngine(first)
      case 'prepare':
        void this.#prepare(message.id, first)
        return
      case 'code': {
        const loading = this.#loading.get(message.code)
        this.#loading.delete(message.code)
        return settle(loading, first, message.error)
      }
      case 'open':
        void this.#open(message, blobs)
        return
      case 'deliver':
        return this.#ask(message.vat, this.#deliver(message, first.slice(), message.seeded ? second.slice() : undefined))
      case 'answer': {
        const key = `${message.vat} ${message.call}`
        const call = this.#calls.get(key)
        this.#calls.delete(key)
        return settle(call, first, message.error)
      }
      case 'snapshot':
        return this.#ask(message.vat, this.#snapshot(message.vat, message.id))
      case 'end':
        if (this.#vats.has(message.vat)) void this.#vats.get(message.vat)?.end()
        else this.#ending.add(message.vat)
        return
    }
  }

  async #prepare(id: number, wasm: Uint8Array): Promise<void> {
    try {
      const { module, preparedBy, canSnapshot } = await this.#sandbox.prepare(wasm)
      this.#send({ t: 'prepared', id, preparedBy, canSnapshot }, [module])
    } catch (error) {
      this.#send({ t: 'failed', vat: 0, id, error: errorToJson(error), alive: false })
    }
  }

  async #open(message: Extract<ToCage, { t: 'open' }>, blobs: readonly Uint8Array[]): Promise<void> {
    const { vat: number, code, kind, limits, keys, preopens, args, now } = message
    const store = keys.map((key, index) => ({ key, value: (blobs[index] as Uint8Array).slice() }))
    const image = message.image
      ? { memory: (blobs[keys.length] as Uint8Array).slice(), state: (blobs[keys.length + 1] as Uint8Array).slice() }
      : undefined
    try {
      const vat = await this.#sandbox.openVat({
        code: { id: code, kind, load: () => this.#load(code) } satisfies ProgramCode,
        limits,
        store,
        image,
        preopens,
        args,
        now,
        seed: message.seeded ? (blobs.at(-1) as Uint8Array).slice() : undefined,
        powers: (name, bytes, { synchronous }) => this.#use(number, name, bytes, synchronous),
        onLog: ({ level, text }) => this.#send({ t: 'log', vat: number, level, text }),
      })
      this.#vats.set(number, vat)
      void vat.ended.then(async ({ code: why, message: text }) => {
        this.#vats.delete(number)
        await this.#answered(number)
        this.#send({ t: 'ended', vat: number, code: why, message: text })
      })
      if (this.#ending.delete(number)) return void vat.end()
      this.#send({ t: 'opened', vat: number })
    } catch (error) {
      this.#ending.delete(number)
      this.#send({ t: 'failed', vat: number, id: 0, error: errorToJson(error), alive: false })
    }
  }

  #load(code: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#loading.set(code, { resolve: (bytes) => resolve(bytes.slice()), reject })
      this.#send({ t: 'load', code })
    })
  }

  #use(vat: number, name: string, args: Uint8Array, synchronous: boolean): Promise<Uint8Array> {
    const call = this.#nextCall++
    return new Promise((resolve, reject) => {
      this.#calls.set(`${vat} ${call}`, { resolve, reject })
      this.#send({ t: 'call', vat, call, name, synchronous }, [args])
    })
  }

  async #deliver(message: Extract<ToCage, { t: 'deliver' }>, body: Uint8Array, seed: Uint8Array | undefined): Promise<void> {
    const { vat: number, id, name, meter, timeMs, now } = message
    const vat = this.#vats.get(number)
    try {
      if (vat === undefined) throw new HoltError('PROGRAM_ENDED', 'the program is not running')
      const result = await vat.deliver({ name, body, meter, timeMs, now, seed })
      const changed = result.changes.filter(({ value }) => value !== null)
      const removed = result.changes.filter(({ value }) => value === null).map(({ key }) => key)
      const head = {
        meter: result.meter,
        timeMs: result.timeMs,
        memoryBytes: result.memoryBytes,
        changed: changed.map(({ key }) => key),
        removed,
      }
      this.#send({ t: 'done', vat: number, id, ...head }, [result.body, ...changed.map(({ value }) => value as Uint8Array)])
    } catch (error) {
      this.#send({ t: 'failed', vat: number, id, error: errorToJson(error), alive: vat?.alive ?? false })
    }
  }

  /** What a vat was asked is answered before its end is told. */
  async #answered(vat: number): Promise<void> {
    await Promise.allSettled(this.#asked.get(vat) ?? new Set<Promise<void>>())
    this.#asked.delete(vat)
  }

  #ask(vat: number, work: Promise<void>): void {
    if (!this.#vats.has(vat)) return // it answers that it is not running, and there is no end to wait for
    const asked = this.#asked.get(vat) ?? new Set()
    this.#asked.set(vat, asked)
    asked.add(work)
    void work.finally(() => asked.delete(work))
  }

  async #snapshot(number: number, id: number): Promise<void> {
    const vat = this.#vats.get(number)
    try {
      if (vat === undefined) throw new HoltError('PROGRAM_ENDED', 'the program is not running')
      const snapshot = await vat.snapshot()
      this.#sendRuns(number, id, snapshot)
      this.#send({ t: 'snapshot', vat: number, id, memoryBytes: snapshot.memoryBytes }, [snapshot.state])
    } catch (error) {
      this.#send({ t: 'failed', vat: number, id, error: errorToJson(error), alive: vat?.alive ?? false })
    }
  }

  #sendRuns(vat: number, id: number, { runs }: VatSnapshot): void {
    let group: MemoryRun[] = []
    let size = 0
    const flush = () => {
      if (group.length > 0)
        this.#send(
          { t: 'runs', vat, id, at: group.map(({ at }) => at) },
          group.map(({ bytes }) => bytes),
        )
      group = []
      size = 0
    }
    for (const { at, bytes } of runs) {
      for (let from = 0; from < bytes.length; from += SNAPSHOT_FRAME_BYTES) {
        const part = bytes.subarray(from, from + SNAPSHOT_FRAME_BYTES)
        if (size + part.length > SNAPSHOT_FRAME_BYTES) flush()
        group.push({ at: at + from, bytes: part })
        size += part.length
      }
    }
    flush()
  }
}

function settle(waiting: Deferred | undefined, bytes: Uint8Array, error: HoltErrorJson | undefined): void {
  if (error === undefined) waiting?.resolve(bytes)
  else waiting?.reject(errorFromJson(error))
}
