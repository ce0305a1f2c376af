import { randomBytes } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { FromVat, ToVat } from '@holt/sandbox/vat/messages.ts'
import { runVatThread } from '@holt/sandbox/vat/vat-thread.ts'

/** The entry of a thread that runs one vat. */

const port = parentPort
if (port === null) throw new Error('vat-worker.ts runs as a worker thread only')
runVatThread(
  {
    post: (message: FromVat, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer),
    onMessage: (take: (message: ToVat) => void) => port.on('message', take),
  },
  () => new Uint8Array(randomBytes(32)),
)
