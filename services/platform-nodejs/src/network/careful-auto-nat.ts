import { type AutoNATComponents, autoNAT } from '@libp2p/autonat'
import type { Multiaddr } from '@multiformats/multiaddr'
import { withOther } from './with-other.ts'

/**
 * AutoNAT of libp2p, which asks others whether an address of this node can be reached, with two faults kept from it. Asked to try an address of who is
 * connected already, it takes the connection that is there, finds that it goes elsewhere, and ends it. And it takes an address at a relay for one of the
 * relay's machine, so that on the same way it ends its own connection to the relay.
 */
export function carefulAutoNat(): (components: AutoNATComponents) => unknown {
  const service = autoNAT()
  return (components) => {
    const { connectionManager, addressManager, transportManager } = components
    return service(
      withOther(components, {
        connectionManager: withOther(connectionManager, {
          openConnection: (peer, options) => connectionManager.openConnection(peer, { ...options, force: true }),
        }),
        addressManager: withOther(addressManager, {
          getAddressesWithMetadata: () => addressManager.getAddressesWithMetadata().filter(({ multiaddr }) => !isRelayed(multiaddr)),
        }),
        transportManager: withOther(transportManager, {
          dialTransportForMultiaddr: (address) => (isRelayed(address) ? undefined : transportManager.dialTransportForMultiaddr(address)),
        }),
      }),
    )
  }
}

function isRelayed(address: Multiaddr): boolean {
  return address.getComponents().some(({ name }) => name === 'p2p-circuit')
}
