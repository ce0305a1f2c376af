import { chmod, chown, mkdir, rename, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { boxMethods } from '@holt/control/box/methods.ts'
import { serveRpc } from '@holt/control/node/connection.ts'
import { MethodChecker } from '@holt/control/validate.ts'
import type { Helper } from './helper.ts'

/** The node and perhaps a person's shell; more would be a fault. */
const MAX_CLIENTS = 16

export interface HelperListener {
  /** Takes no more clients, cancels what they run, lets their answers leave. */
  close(): Promise<void>
}

const checker = new MethodChecker(boxMethods)

/**
 * Listens for root and one group. The socket gets its name when its rights are set.
 *
 * @param group of those who may call; null: only ourselves.
 */
export async function listenHelper(path: string, helper: Helper, { group }: { group: number | null }): Promise<HelperListener> {
  const sessions = new Set<{ close(): Promise<void>; closed: Promise<void> }>()
  const server = createServer((socket) => void serve(socket))
  server.maxConnections = MAX_CLIENTS
  async function serve(socket: Socket): Promise<void> {
    const service = { checker, call: helper.call, left: async () => {} }
    const session = serveRpc(service, socket)
    sessions.add(session)
    await session.closed
    sessions.delete(session)
  }
  await bind(server, path, group)
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      await rm(path, { force: true })
      await Promise.all([...sessions].map((session) => session.close()))
      await closed
    },
  }
}

async function bind(server: Server, path: string, group: number | null): Promise<void> {
  const draft = `${path}.new`
  await mkdir(dirname(path), { recursive: true, mode: 0o750 })
  await rm(draft, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path: draft }, resolve)
  })
  if (group !== null) await chown(draft, 0, group)
  await chmod(draft, group === null ? 0o600 : 0o660)
  await rename(draft, path)
}
