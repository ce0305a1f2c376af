import type { StartHost } from '@holt/network/host.ts'
import type { Link } from '@holt/network/links.ts'

/** How many bytes went between this node and others, both ways, since the start. */
export class Traffic {
  bytes = 0

  /** The same host; what goes over it is counted. */
  of(startHost: StartHost): StartHost {
    return async (options) => {
      const host = await startHost(options)
      return {
        self: host.self,
        ...(host.directory === undefined ? {} : { directory: host.directory }),
        open: async (...call) => this.#counted(await host.open(...call)),
        handle: (protocol, onLink) => host.handle(protocol, (link) => onLink(this.#counted(link))),
        addresses: () => host.addresses(),
        learn: (...call) => host.learn(...call),
        connections: () => host.connections(),
        hangUp: (peer) => host.hangUp(peer),
        stop: () => host.stop(),
      }
    }
  }

  #counted(link: Link): Link {
    return {
      peer: link.peer,
      read: async () => {
        const bytes = await link.read()
        this.bytes += bytes?.length ?? 0
        return bytes
      },
      write: async (bytes) => {
        this.bytes += bytes.length
        await link.write(bytes)
      },
      close: () => link.close(),
      abort: (error) => link.abort(error),
    }
  }
}
