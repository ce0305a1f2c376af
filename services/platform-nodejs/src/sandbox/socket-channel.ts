import type { Duplex } from 'node:stream'
import type { ByteChannel } from '@holt/sandbox/remote/frames.ts'

/** A process that takes nothing any more is given up before what waits for it fills the memory. */
const MOST_UNSENT = 256 * 1024 * 1024

const LARGE = 32 * 1024

/** A stream of Node as the channel between node and cage. */
export function socketChannel(socket: Duplex): ByteChannel {
  let gone: (why: string) => void = () => {}
  let why: string | null = null
  const close = (reason: string) => {
    if (why !== null) return
    why = reason
    socket.destroy()
    gone(reason)
  }
  /** Small parts of one turn of the thread go together: each write costs more than they do. */
  let small: Uint8Array[] = []
  let smallBytes = 0
  let flushing = false
  const flush = (large: Uint8Array | null = null) => {
    if (small.length > 0 && why === null) socket.write(small.length === 1 ? (small[0] as Uint8Array) : Buffer.concat(small, smallBytes))
    small = []
    smallBytes = 0
    if (large !== null && why === null) socket.write(large)
  }
  socket.on('error', (error) => close(error.message))
  socket.on('close', () => close('the channel was closed'))
  socket.on('end', () => close('the channel was closed'))
  return {
    write: (parts) => {
      if (why !== null) return
      for (const part of parts) {
        if (part.length > LARGE) flush(part)
        else {
          small.push(part)
          smallBytes += part.length
          if (smallBytes > LARGE) flush()
        }
      }
      if (!flushing && small.length > 0) {
        flushing = true
        setImmediate(() => {
          flushing = false
          flush()
        })
      }
      if (socket.writableLength > MOST_UNSENT) close('it does not take what it is sent')
    },
    onBytes: (take) => socket.on('data', take),
    onClose: (taker) => {
      gone = taker
      if (why !== null) taker(why)
    },
    close: () => close('it was closed'),
  }
}
