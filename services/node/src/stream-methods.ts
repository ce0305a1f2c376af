import type { CallOptions, Params, Result } from '@holt/control/schema.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
import type { Methods } from './method-table.ts'

type StreamMethod = 'files.openRead' | 'files.openWrite' | 'stream.read' | 'stream.write' | 'stream.close'

/** More than a client needs; a client that forgets to close cannot eat the node's memory. */
const MAX_OPEN_STREAMS = 256

interface ReadStream {
  kind: 'read'
  iterator: AsyncIterator<Uint8Array>
  rest: Uint8Array
}

interface WriteStream {
  kind: 'write'
  queue: BodyQueue
  abort: AbortController
  finished: Promise<unknown>
}

/** File contents over a message channel: small pieces as base64, each answered before the next is asked for. */
export function streamMethods(files: FileStreams): Methods<StreamMethod> {
  const streams = new Map<number, ReadStream | WriteStream>()
  let nextStream = 1

  function add(stream: ReadStream | WriteStream): number {
    if (streams.size >= MAX_OPEN_STREAMS)
      throw new HoltError('TOO_LARGE', `${MAX_OPEN_STREAMS} streams are open already`, { limit: MAX_OPEN_STREAMS })
    streams.set(nextStream, stream)
    return nextStream++
  }

  function find<Kind extends 'read' | 'write'>(id: number, kind: Kind): Extract<ReadStream | WriteStream, { kind: Kind }> {
    const stream = streams.get(id)
    if (stream === undefined || stream.kind !== kind)
      throw new HoltError('NOT_FOUND', `no open ${kind} stream has number ${id}`, { stream: id })
    return stream as Extract<ReadStream | WriteStream, { kind: Kind }>
  }

  async function openRead({ path, at, offset, lengthBytes }: Params<'files.openRead'>): Promise<Result<'files.openRead'>> {
    const { entry, body } = await files.read(path, { at, offset, lengthBytes })
    return { stream: add({ kind: 'read', iterator: body[Symbol.asyncIterator](), rest: new Uint8Array(0) }), sizeBytes: entry.sizeBytes }
  }

  async function openWrite({ path, modified, mode, replace }: Params<'files.openWrite'>): Promise<Result<'files.openWrite'>> {
    const queue = new BodyQueue()
    const abort = new AbortController()
    const finished = files.write(path, queue, { modified, mode, replace, signal: abort.signal })
    finished.catch((error: unknown) => queue.fail(error))
    return { stream: add({ kind: 'write', queue, abort, finished }) }
  }

  async function read({ stream: id, maxBytes }: Params<'stream.read'>): Promise<Result<'stream.read'>> {
    const stream = find(id, 'read')
    while (stream.rest.length === 0) {
      const next = await stream.iterator.next()
      if (next.done === true) return { base64: '', end: true }
      stream.rest = next.value
    }
    const bytes = stream.rest.subarray(0, maxBytes)
    stream.rest = stream.rest.subarray(bytes.length)
    return { base64: base64Of(bytes), end: false }
  }

  async function write({ stream: id, base64 }: Params<'stream.write'>): Promise<Result<'stream.write'>> {
    await find(id, 'write').queue.push(bytesOfBase64(base64, 'base64'))
    return {}
  }

  async function close({ stream: id, discard }: Params<'stream.close'>, _options: CallOptions): Promise<Result<'stream.close'>> {
    const stream = streams.get(id)
    if (stream === undefined) throw new HoltError('NOT_FOUND', `no open stream has number ${id}`, { stream: id })
    streams.delete(id)
    if (stream.kind === 'read') {
      await stream.iterator.return?.()
      return {}
    }
    if (discard === true) {
      stream.abort.abort(new HoltError('CANCELLED', 'the writer discarded it'))
      stream.queue.fail(new HoltError('CANCELLED', 'the writer discarded it'))
      await stream.finished.catch(() => {})
      return {}
    }
    stream.queue.end()
    await stream.finished
    return {}
  }

  return { 'files.openRead': openRead, 'files.openWrite': openWrite, 'stream.read': read, 'stream.write': write, 'stream.close': close }
}

/** Hands bytes from `stream.write` calls to the file writer, one piece at a time. */
class BodyQueue implements AsyncIterable<Uint8Array> {
  #piece: { bytes: Uint8Array; taken: () => void } | null = null
  #ended = false
  #failure: Error | null = null
  #wake: () => void = () => {}

  push(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (this.#piece !== null) return Promise.reject(new HoltError('INPUT_INVALID', 'the write before this one has not been answered yet'))
    return new Promise((resolve, reject) => {
      this.#piece = { bytes, taken: () => (this.#failure === null ? resolve() : reject(this.#failure)) }
      this.#wake()
    })
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  fail(error: unknown): void {
    this.#failure = toHoltError(error)
    this.#piece?.taken()
    this.#piece = null
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure
      if (this.#piece !== null) {
        const { bytes, taken } = this.#piece
        this.#piece = null
        yield bytes
        taken()
        continue
      }
      if (this.#ended) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
