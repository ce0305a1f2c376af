import type { MessageWriter } from 'vscode-jsonrpc'
import type { BoundedMessageReader } from './message-reader.ts'
import { RpcSession } from './rpc-session.ts'
import type { Control, Methods } from './schema.ts'
import { StreamOwner } from './stream-owner.ts'
import { nodeChecker } from './validate.ts'

/** One client of a node. Its streams are its own, and go with it. */
export class ControlSession extends RpcSession<Methods> {
  /** @param reader is told what was answered, so that a client which does not read its answers is not read from either. */
  constructor(control: Control, reader: BoundedMessageReader, writer: MessageWriter) {
    const streams = new StreamOwner(control)
    super(
      { checker: nodeChecker, call: (name, params, options) => streams.call(name, params, options), left: () => streams.discardAll() },
      reader,
      writer,
    )
  }
}
