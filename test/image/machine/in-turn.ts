import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { until } from './connect.ts'

/**
 * Does `work` while no other process of this computer does what has the same name. Whoever dies in it leaves the turn to the next:
 * a turn is a socket without a file, which goes with its process.
 */
export async function inTurn<T>(name: string, work: () => Promise<T>, { limitMs = 1_800_000 } = {}): Promise<T> {
  const turn = await until(`the turn for ${name}`, () => listen(`\0${name}`), { limitMs, everyMs: 200 })
  try {
    return await work()
  } finally {
    turn.close()
  }
}

/** @returns null while somebody else listens there. */
async function listen(name: string): Promise<Server | null> {
  const server = createServer().listen(name)
  try {
    await once(server, 'listening')
    return server
  } catch {
    return null
  }
}
