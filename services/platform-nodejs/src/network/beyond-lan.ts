import './web-socket.ts'
import type { Principal } from '@holt/core/principal.ts'
import { DIRECTORY_NAME } from '@holt/network/endpoints/directory-record.ts'
import type { Reach } from '@holt/network/host.ts'
import type { GuestKind } from '@holt/network/rpc/guests.ts'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { ConnectionGater } from '@libp2p/interface'
import { kadDHT, passthroughMapper, removePrivateAddressesMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { uPnPNAT } from '@libp2p/upnp-nat'
import { webSockets } from '@libp2p/websockets'
import { BoundedDatastore } from './bounded-datastore.ts'
import { carefulAutoNat } from './careful-auto-nat.ts'
import { carefulDcutr } from './careful-dcutr.ts'
import { selectRecord, validateRecord } from './endpoint-directory.ts'
import { principalOf } from './peer-ids.ts'

/** Of others that this node carries connections for. */
const MOST_RELAYED = 32
const ONE_HOUR_MS = 3_600_000

/**
 * What a node has more of when it is to be reached from anywhere: WebSocket, relays, a way from a relay to a direct connection, to learn whether
 * it can be reached itself, and a directory that all nodes keep together. Loaded when it is wanted: it takes memory.
 */
export function beyondLan({ relay, mapPort }: Reach, { kindOf, closed }: { kindOf: (peer: Principal) => GuestKind; closed: boolean }) {
  const isPaired = (peer: { toString(): string }): boolean => {
    const principal = principalOf(peer)
    return principal !== null && kindOf(principal) === 'paired'
  }
  const gater: ConnectionGater = { denyInboundRelayReservation: (source) => !isPaired(source) }
  return {
    transports: [webSockets(), circuitRelayTransport()],
    datastore: new BoundedDatastore(),
    gater,
    services: {
      autoNAT: carefulAutoNat(),
      dcutr: carefulDcutr(),
      // the directory asks with it whether who is in its table is still there
      ping: ping(),
      dht: kadDHT({
        protocol: '/holt/kad/1.0.0',
        clientMode: true,
        peerInfoMapper: closed ? passthroughMapper : removePrivateAddressesMapper,
        validators: { [DIRECTORY_NAME]: validateRecord },
        selectors: { [DIRECTORY_NAME]: selectRecord },
      }),
      // for whom the owner is paired with: their limit is the owner's trust
      ...(relay
        ? {
            relay: circuitRelayServer({
              reservations: { maxReservations: MOST_RELAYED, applyDefaultLimit: false, reservationTtl: ONE_HOUR_MS },
            }),
          }
        : {}),
      ...(mapPort ? { mapPort: uPnPNAT({ portMappingDescription: 'holt', autoConfirmAddress: true }) } : {}),
    },
  }
}
