// @ts-expect-error -- the package has no types, and nothing of it is used but this class
import { WebSocket } from 'ws'

const PackageWebSocket = WebSocket as new (...of: unknown[]) => { on(event: 'error', hear: () => void): void }

/**
 * As those of browsers: a failure that nobody listens to is no end of the process. libp2p stops listening when it gives up a dial, and the system may
 * say only later that there is no way to that address. Whoever waits hears of the end by `close`.
 */
class CalmWebSocket extends PackageWebSocket {
  constructor(...of: unknown[]) {
    super(...of)
    this.on('error', () => {})
  }
}

/** Node 20 has none of its own, which libp2p's transport expects. */
const scope = globalThis as { WebSocket?: unknown }
scope.WebSocket ??= CalmWebSocket
