import { multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import { bareHost } from './bare-host.ts'
import { type Cost, costOf, nextLine, program } from './program.ts'

export const BARE = '/bare/1'
const PIECE_BYTES = 1 << 20

/**
 * The limit that all else is compared with: so many bytes from that many processes at once into this one, each on one bare libp2p stream as anybody
 * would open it, over loopback. Nothing is done with the bytes.
 *
 * @returns what it took, from the first that is sent to the last that has arrived.
 */
export async function bareStreams(processes: number, bytes: number): Promise<Cost> {
  const host = await bareHost(['/ip4/127.0.0.1/tcp/0'])
  const senders = Array.from({ length: processes }, () =>
    program('bare-streams.ts', host.getMultiaddrs().toString(), String(bytes / processes)),
  )
  try {
    let left = bytes
    const arrived = new Promise<void>((resolve) => {
      void host.handle(BARE, (stream) => {
        stream.addEventListener('message', ({ data }) => {
          left -= data.byteLength
          if (left <= 0) resolve()
        })
      })
    })
    await Promise.all(senders.map(nextLine))
    return await costOf([process.pid, ...senders.map(({ child }) => child.pid as number)], async () => {
      for (const { child } of senders) child.stdin?.write('go\n')
      await arrived
    })
  } finally {
    for (const { child } of senders) child.kill('SIGKILL')
    await host.stop()
  }
}

/** One stream, to the other's end: what it has not read is not counted. */
export async function sendBare(host: Libp2p, to: string, bytes: number): Promise<void> {
  const stream = await host.dialProtocol(multiaddr(to), BARE)
  const ended = new Promise((resolve) => stream.addEventListener('remoteCloseWrite', resolve, { once: true }))
  const piece = new Uint8Array(PIECE_BYTES)
  for (let left = bytes; left > 0; left -= PIECE_BYTES) if (!stream.send(piece.slice(0, left))) await stream.onDrain()
  await stream.close()
  await ended
}

/** A sender: tells that it is ready, and begins when it is told. */
async function send(to: string, bytes: number): Promise<void> {
  const host = await bareHost([])
  await host.dial(multiaddr(to.split(',')[0] as string))
  console.log('ready')
  process.stdin.once('data', () => void sendBare(host, to.split(',')[0] as string, bytes))
}

const [, file, to, bytes] = process.argv
if (file === import.meta.filename && to !== undefined) await send(to, Math.ceil(Number(bytes)))
