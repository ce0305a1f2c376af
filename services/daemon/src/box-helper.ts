import { stat } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { type BoxMethods, boxMethods } from '@holt/control/box/methods.ts'
import { rpcOverSocket } from '@holt/control/node/connection.ts'
import type { RpcClient } from '@holt/control/rpc-client.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BoxHelper } from '@holt/node/platform.ts'

export const BOX_SOCKET = '/run/holt/appliance.sock'

/** The helper of the box this machine is, or null on any other machine. */
export async function findBoxHelper(socketPath: string): Promise<BoxHelper | null> {
  const isBox = await stat(dirname(socketPath)).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isBox ? new ConnectedHelper(socketPath) : null
}

/** Connects when it is first needed, and again when the helper was restarted. */
class ConnectedHelper implements BoxHelper {
  readonly #path: string
  #client: Promise<RpcClient<BoxMethods>> | null = null

  constructor(path: string) {
    this.#path = path
  }

  readonly call: BoxHelper['call'] = async (name, params, options) => {
    const client = await this.#connected()
    return client.call(name, params, options)
  }

  #connected(): Promise<RpcClient<BoxMethods>> {
    if (this.#client !== null) return this.#client
    const connecting = this.#connect()
    const forget = (): void => {
      if (this.#client === connecting) this.#client = null
    }
    connecting.then(({ closed }) => closed.then(forget), forget)
    this.#client = connecting
    return connecting
  }

  async #connect(): Promise<RpcClient<BoxMethods>> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opening = createConnection(this.#path)
      opening.once('connect', () => resolve(opening))
      opening.once('error', (error) => reject(helperGone(error)))
    })
    return rpcOverSocket({ methods: boxMethods, gone: helperGone }, socket)
  }
}

function helperGone(cause?: unknown): HoltError {
  return new HoltError('HELPER_NOT_RUNNING', 'the helper of the box does not answer', {}, { cause })
}
