import '@holt/platform-nodejs/network/polyfills.ts'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2p } from 'libp2p'

/** More at once from one address, as here all are, it takes for an attack. */
const MOST_AT_ONCE = 64

/** libp2p as anybody would start it, with nothing of ours. */
export function bareHost(listen: string[]): Promise<Libp2p> {
  return createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: MOST_AT_ONCE, maxIncomingPendingConnections: MOST_AT_ONCE },
  })
}
