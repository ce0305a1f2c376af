// @ts-expect-error -- the package has no types, and nothing of it is used but this name
import { WebSocket } from 'ws'

/** Node 20 has none of its own, which libp2p's transport expects. */
const scope = globalThis as { WebSocket?: unknown }
scope.WebSocket ??= WebSocket as unknown
