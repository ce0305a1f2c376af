import { type DCUtRServiceComponents, dcutr } from '@libp2p/dcutr'
import type { Connection } from '@libp2p/interface'
import { withOther } from './with-other.ts'

const PROTOCOL = '/libp2p/dcutr'
const LOOK_EVERY_MS = 500
/** What is still open then is begun anew on the direct connection. */
const LONGEST_MS = 2 * 60_000

/**
 * The change from a relay to a direct connection, as libp2p has it, but that it ends the connection at the relay at once, whatever goes on there: a pairing
 * would be broken off in its midst and have cost a try. Here it ends when nothing is open on it any more.
 */
export function carefulDcutr(): (components: DCUtRServiceComponents) => unknown {
  const service = dcutr()
  return (components) => {
    const { registrar } = components
    return service(
      withOther(components, {
        registrar: withOther(registrar, {
          register: (protocol, topology, options) =>
            registrar.register(
              protocol,
              { ...topology, onConnect: (peer, connection) => topology.onConnect?.(peer, endedWhenIdle(connection)) },
              options,
            ),
          handle: (protocol, handler, options) =>
            registrar.handle(protocol, (stream, connection) => handler(stream, endedWhenIdle(connection)), options),
        }),
      }),
    )
  }
}

function endedWhenIdle(connection: Connection): Connection {
  return withOther(connection, {
    close: async () => {
      const endsMs = performance.now() + LONGEST_MS
      const look = setInterval(() => {
        const isBusy = connection.streams.some(({ protocol }) => protocol !== PROTOCOL)
        if (connection.status === 'open' && isBusy && performance.now() < endsMs) return
        clearInterval(look)
        if (connection.status === 'open') void connection.close().catch(() => {})
      }, LOOK_EVERY_MS)
      look.unref()
    },
  })
}
