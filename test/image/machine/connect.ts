import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Child } from './child.ts'

/** Waits until `condition` gives something, looking again every few milliseconds. @throws after `limitMs`, naming `what`. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | null | false>,
  { limitMs = 60_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const found = await condition()
    if (found !== null && found !== false) return found
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** Connects to a socket that `child` is about to open. @throws with its output when it ends instead. */
export async function connectTo(child: Child, path: string): Promise<Socket> {
  return await until(`${child.name} listening on ${path}`, async () => {
    if (!child.running) throw new Error(`${child.name} ended with ${child.outcome}:\n${child.output}`)
    const socket = connect(path)
    try {
      await once(socket, 'connect')
      return socket
    } catch {
      socket.destroy()
      return null
    }
  })
}
