import { Socket } from 'node:net'
import { SandboxServer } from '@holt/sandbox/remote/serve-sandbox.ts'
import { ThreadSandbox } from '@holt/sandbox/thread-sandbox.ts'
import { startVatThread } from './nodejs-vat-thread.ts'
import { socketChannel } from './socket-channel.ts'

/** The entry of the caged process: serves a sandbox over the one stream that it was given, and ends with it. */

const CHANNEL_FD = 3
const SPARE_THREADS = 1

const worker = new URL('./vat-worker.mjs', import.meta.url)

const channel = socketChannel(new Socket({ fd: CHANNEL_FD, readable: true, writable: true }))
channel.onClose(() => process.exit(0))
SandboxServer.start(channel, (engine) => {
  const sandbox = new ThreadSandbox({ startThread: () => startVatThread(worker), engine, spareThreads: SPARE_THREADS })
  sandbox.warm()
  return sandbox
})
