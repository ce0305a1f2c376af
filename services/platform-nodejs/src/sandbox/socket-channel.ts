import type { Duplex } from 'node:stream'
import type { ByteChannel } from '@holt/sandbox/remote/frames.ts'

/** A process that takes nothing any more is given up before what waits for it fills the memory. */
const MOST_UNSENT = 256 * 1024 * 1024

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
  socket.on('error', (error) => close(error.message))
  socket.on('close', () => close('the channel was closed'))
  socket.on('end', () => close('the channel was closed'))
  return {
    write: (parts) => {
      if (why !== null) return
      socket.cork()
      for (const part of parts) socket.write(part)
      process.nextTick(() => socket.uncork())
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
