import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { cageMissing, type CageProcess } from './cage-process.ts'

/** What stops a process that heeds nothing kills it long before. */
const END_LIMIT_MS = 20_000

/**
 * Has the cage made where the node itself may make none, which is as it should be: what starts services on a box listens at `make`, each connection to
 * which is the stream of a new cage, and at `end`, which closes the connection when every cage has ended.
 *
 * @param folder where these two sockets are.
 * @throws HoltError CAGE_MISSING
 */
export async function askForCage(folder: string): Promise<CageProcess> {
  const end = async (): Promise<void> => {
    const asked = await connected(join(folder, 'end')).catch(() => null)
    if (asked === null) return
    const late = new AbortController()
    await Promise.race([closed(asked), setTimeout(END_LIMIT_MS, null, { signal: late.signal }).catch(() => {})])
    late.abort()
    asked.destroy()
  }
  await end() // those of a node that was killed
  const channel = await connected(join(folder, 'make')).catch((error: NodeJS.ErrnoException) => {
    throw cageMissing([`a cage from ${folder} (${error.code ?? error.message})`])
  })
  return { channel, pid: null, words: () => 'its words are in the journal of the box', end }
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path)
  await once(socket, 'connect')
  return socket
}

async function closed(socket: Socket): Promise<void> {
  socket.resume()
  socket.on('error', () => {}) // closes it too
  await once(socket, 'close')
}
