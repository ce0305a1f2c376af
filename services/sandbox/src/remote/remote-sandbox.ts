import { errorFromJson, errorToJson, HoltError } from '@holt/core/errors.ts'
import type { PreparedModule, Sandbox, Vat, VatEnd, VatOptions } from '../types.ts'
import { type ByteChannel, encodeFrame, FrameReader, malformed } from './frames.ts'
import { checkFromCage } from './from-cage.ts'
import { type FromCage, LONGEST_FROM_CAGE, type ToCage } from './protocol.ts'
import { RemoteVat } from './remote-vat.ts'

interface Preparing {
  resolve: (module: PreparedModule) => void
  reject: (error: unknown) => void
}

/**
 * A sandbox in another process. That process runs strangers' code: what it says is believed no more than theirs. It can only answer what it was
 * asked, and use powers in the name of vats that are open, which is checked here and by the powers; whatever else it says ends it.
 */
export class RemoteSandbox implements Sandbox {
  readonly #channel: ByteChannel
  readonly #vats = new Map<number, RemoteVat>()
  /** How many answers are still to come from vats that ended. */
  readonly #late = new Map<number, number>()
  readonly #preparing = new Map<number, Preparing>()
  /** How to load code that an opening named. */
  readonly #codes = new Map<string, { load: () => Promise<Uint8Array>; users: number }>()
  /** Resolves when it is there. */
  readonly ready: Promise<void>
  /** Resolves when it is gone, with why. */
  readonly closed: Promise<string>
  #next = 1
  #why: string | null = null
  #tellClosed!: (why: string) => void
  #tellReady!: () => void

  constructor(channel: ByteChannel, engine: Uint8Array) {
    this.#channel = channel
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve
    })
    this.ready = new Promise((resolve) => {
      this.#tellReady = resolve
    })
    const reader = new FrameReader(LONGEST_FROM_CAGE)
    channel.onBytes((bytes) => {
      try {
        for (const { head, blobs } of reader.read(bytes)) if (this.#why === null) this.#take(checkFromCage(head, blobs), blobs)
      } catch (error) {
        this.#close(error instanceof Error ? error.message : String(error))
      }
    })
    channel.onClose((why) => this.#close(why))
    this.#send({ t: 'engine' }, [engine])
  }

  get alive(): boolean {
    return this.#why === null
  }

  prepare(wasm: Uint8Array): Promise<PreparedModule> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      if (this.#why !== null) return reject(this.#ended())
      this.#preparing.set(id, { resolve, reject })
      this.#send({ t: 'prepare', id }, [wasm])
    })
  }

  async openVat(options: VatOptions): Promise<Vat> {
    options.signal?.throwIfAborted()
    if (this.#why !== null) throw this.#ended()
    const { code, limits, store = [], image, preopens = [], args = [], now, seed } = options
    const number = this.#next++
    const vat = new RemoteVat(number, options, (message, blobs) => this.#send(message, blobs))
    this.#vats.set(number, vat)
    const loader = this.#codes.get(code.id) ?? { load: code.load, users: 0 }
    loader.users++
    this.#codes.set(code.id, loader)
    const blobs = [...store.map(({ value }) => value), ...(image === undefined ? [] : [image.memory, image.state])]
    if (seed !== undefined) blobs.push(seed)
    const keys = store.map(({ key }) => key)
    const start = { preopens, args, now, seeded: seed !== undefined }
    this.#send({ t: 'open', vat: number, code: code.id, kind: code.kind, limits, keys, image: image !== undefined, ...start }, blobs)
    try {
      await vat.opened
    } catch (error) {
      this.#vats.delete(number)
      throw error
    } finally {
      if (--loader.users === 0) this.#codes.delete(code.id)
    }
    return vat
  }

  async stop(): Promise<void> {
    this.#close('it was ended', 'ENDED')
  }

  #send(head: ToCage, blobs: readonly Uint8Array[] = []): void {
    if (this.#why === null) this.#channel.write(encodeFrame({ head, blobs }))
  }

  #take(message: FromCage, blobs: readonly Uint8Array[]): void {
    if (message.t === 'ready') return this.#tellReady()
    if (message.t === 'load') {
      void this.#giveCode(message.code)
      return
    }
    if (message.t === 'prepared') {
      const { preparedBy, canSnapshot } = message
      this.#takePreparing(message.id).resolve({ module: (blobs[0] as Uint8Array).slice(), preparedBy, canSnapshot })
      return
    }
    if (message.t === 'failed' && message.vat === 0) return this.#takePreparing(message.id).reject(errorFromJson(message.error))
    const vat = this.#vats.get(message.vat)
    if (vat === undefined) return this.#takeLate(message)
    if (message.t === 'ended' && vat.awaited > 0) this.#late.set(message.vat, vat.awaited)
    vat.take(message, blobs)
    if (message.t === 'ended' || (message.t === 'failed' && message.id === 0)) this.#vats.delete(message.vat)
  }

  /** What a program was asked while it told its end is answered once each, and nobody waits for it any more. */
  #takeLate(message: Extract<FromCage, { vat: number }>): void {
    const left = this.#late.get(message.vat) ?? 0
    if (message.t !== 'failed' || left === 0) throw malformed('a program that is not there')
    if (left === 1) this.#late.delete(message.vat)
    else this.#late.set(message.vat, left - 1)
  }

  #takePreparing(id: number): Preparing {
    const preparing = this.#preparing.get(id)
    if (preparing === undefined) throw malformed('an answer to what was not asked')
    this.#preparing.delete(id)
    return preparing
  }

  async #giveCode(code: string): Promise<void> {
    const loader = this.#codes.get(code)
    if (loader === undefined) return this.#close('it asked for code that nobody opens')
    try {
      this.#send({ t: 'code', code }, [await loader.load()])
    } catch (error) {
      this.#send({ t: 'code', code, error: errorToJson(error) })
    }
  }

  #ended(): HoltError {
    return new HoltError('PROGRAM_ENDED', `what runs programs has ended: ${this.#why ?? ''}`)
  }

  #close(why: string, code: VatEnd['code'] = 'PROGRAM_ENDED'): void {
    if (this.#why !== null) return
    this.#why = why
    this.#channel.close()
    for (const { reject } of this.#preparing.values()) reject(this.#ended())
    for (const vat of this.#vats.values()) vat.gone(code, why)
    this.#vats.clear()
    this.#tellClosed(why)
  }
}
