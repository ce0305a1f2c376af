import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import type { ControlClient } from '../control-client.ts'
import type { ControlSession } from '../control-session.ts'
import type { Control } from '../schema.ts'
import { controlOverSocket, serveOverSocket } from './connection.ts'
import { CONTROL_SOCKET, someoneListens, connectSocket, withSocketPath } from './socket-path.ts'

/** Far more than a person's tools open; a runaway script must not take the node's descriptors. */
const MAX_CLIENTS = 256

export interface ControlListener {
  /** Takes no more clients, cancels what they run, lets their answers leave, removes the socket. */
  close(): Promise<void>
}

/** @throws HoltError NODE_NOT_RUNNING, NOT_AUTHORIZED. */
export async function connectControl(dataFolder: string): Promise<ControlClient> {
  return controlOverSocket(await connectSocket(dataFolder))
}

/**
 * Listens on `control.sock` in the data folder, for its owner only. A socket left by a crash is replaced; the caller
 * holds the folder's lock, so that nobody else does the same now.
 *
 * @throws HoltError STORE_IN_USE when somebody answers there.
 */
export async function listenControl(dataFolder: string, control: Control): Promise<ControlListener> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  if (await someoneListens(dataFolder))
    throw new HoltError('STORE_IN_USE', `another node is running on ${dataFolder}`, { folder: dataFolder })
  await chmod(dataFolder, 0o700)
  const sessions = new Set<ControlSession>()
  const server = createServer((socket) => void serve(socket))
  server.maxConnections = MAX_CLIENTS

  async function serve(socket: Socket): Promise<void> {
    const session = serveOverSocket(control, socket)
    sessions.add(session)
    await session.closed
    sessions.delete(session)
  }

  await bind(server, dataFolder)
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      await rm(join(dataFolder, CONTROL_SOCKET), { force: true })
      await Promise.all([...sessions].map((session) => session.close()))
      await closed
    },
  }
}

/** Under another name first: it has its final mode before anyone can find it, and takes the place of a dead one at once. */
async function bind(server: Server, dataFolder: string): Promise<void> {
  const draft = `${CONTROL_SOCKET}.new`
  await rm(join(dataFolder, draft), { force: true })
  try {
    await withSocketPath(dataFolder, draft, (path) => listening(server, path))
    await chmod(join(dataFolder, draft), 0o600)
    await rename(join(dataFolder, draft), join(dataFolder, CONTROL_SOCKET))
  } catch (error) {
    throw new HoltError(
      'IO_FAILED',
      `the control socket cannot be made in ${dataFolder}: ${(error as Error).message}`,
      { folder: dataFolder },
      { cause: error },
    )
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
