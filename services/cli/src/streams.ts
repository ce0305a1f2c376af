import type { Params } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { CommandCall } from './command.ts'

/** The most that one call carries. */
const PIECE_BYTES = 1 << 20

/** Reads a file of the tree piece by piece, no faster than `take` takes them. */
export async function readStreamTo(
  call: CommandCall,
  file: Params<'files.openRead'>,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { stream } = await call.ask('files.openRead', file)
  try {
    for (;;) {
      const { base64, end } = await call.ask('stream.read', { stream, maxBytes: PIECE_BYTES })
      if (base64 !== '') await take(Buffer.from(base64, 'base64'))
      if (end) return
    }
  } finally {
    // What was wrong with reading matters more than what is wrong with closing.
    await (await call.node()).call('stream.close', { stream }).catch(() => {})
  }
}

/** Stores stdin as a file, which appears when stdin has ended. @returns its size in bytes. */
export async function writeStreamFrom(call: CommandCall, path: string): Promise<number> {
  const { stream } = await call.ask('files.openWrite', { path, replace: true })
  let sizeBytes = 0
  try {
    for await (const bytes of untilAborted(call.terminal.input, call.signal)) {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        await call.ask('stream.write', { stream, base64: Buffer.from(bytes.subarray(at, at + PIECE_BYTES)).toString('base64') })
      }
      sizeBytes += bytes.length
    }
    await call.ask('stream.close', { stream })
    return sizeBytes
  } catch (error) {
    // Not by `ask`: after Ctrl-C that would not be sent.
    await (await call.node()).call('stream.close', { stream, discard: true }).catch(() => {})
    throw error
  }
}

/** Whoever feeds stdin may never end; Ctrl-C does not wait for that. */
async function* untilAborted(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  const aborted = new Promise<never>((_, reject) => {
    const cancel = () => reject(new HoltError('CANCELLED', 'cancelled; nothing of it was stored'))
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
  })
  aborted.catch(() => {})
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted])
    if (next.done === true) return
    yield next.value
  }
}
