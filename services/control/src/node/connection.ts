import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { SocketMessageWriter, StreamMessageWriter } from 'vscode-jsonrpc/node'
import type { MethodSchemas } from '../method-schema.ts'
import { RpcClient, type RpcClientOptions } from '../rpc-client.ts'
import { type RpcService, RpcSession } from '../rpc-session.ts'
import { ControlClient } from '../control-client.ts'
import { ControlSession } from '../control-session.ts'
import { BoundedMessageReader, type ByteSource, clientLimits, serverLimits } from '../message-reader.ts'
import type { Control } from '../schema.ts'

export function serveOverSocket(control: Control, socket: Socket): ControlSession {
  return new ControlSession(control, new BoundedMessageReader(byteSource(socket), serverLimits), new SocketMessageWriter(socket))
}

/** Another service than a node, over the same protocol. */
export function serveRpc<M extends MethodSchemas>(service: RpcService<M>, socket: Socket): RpcSession<M> {
  return new RpcSession(service, new BoundedMessageReader(byteSource(socket), serverLimits), new SocketMessageWriter(socket))
}

export function rpcOverSocket<M extends MethodSchemas>(options: RpcClientOptions<M>, socket: Socket): RpcClient<M> {
  return new RpcClient(options, new BoundedMessageReader(byteSource(socket), clientLimits), new SocketMessageWriter(socket))
}

/** The parent at the other end of stdin and stdout; `closed` when it has closed stdin. Nothing else may be written to stdout. */
export function serveOverStdio(control: Control): ControlSession {
  return new ControlSession(
    control,
    new BoundedMessageReader(byteSource(process.stdin), serverLimits),
    new StreamMessageWriter(process.stdout),
  )
}

export function controlOverSocket(socket: Socket): ControlClient {
  return new ControlClient(new BoundedMessageReader(byteSource(socket), clientLimits), new SocketMessageWriter(socket))
}

/** A node started as a child with `--stdio`. */
export function controlOverStdio(child: { stdin: NodeJS.WritableStream; stdout: Readable }): ControlClient {
  return new ControlClient(new BoundedMessageReader(byteSource(child.stdout), clientLimits), new StreamMessageWriter(child.stdin))
}

function byteSource(stream: Readable): ByteSource {
  return {
    onData: (listener) => void stream.on('data', listener),
    onEnd: (listener) => void stream.once('end', listener).once('close', listener),
    onError: (listener) => void stream.on('error', listener),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
  }
}
