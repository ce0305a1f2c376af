import type { MessageWriter } from 'vscode-jsonrpc'
import type { BoundedMessageReader } from './message-reader.ts'
import { RpcClient } from './rpc-client.ts'
import { type Control, type Methods, methods } from './schema.ts'

/** A node at the other end of a connection. */
export class ControlClient extends RpcClient<Methods> implements Control {
  constructor(reader: BoundedMessageReader, writer: MessageWriter) {
    super({ methods }, reader, writer)
  }
}
