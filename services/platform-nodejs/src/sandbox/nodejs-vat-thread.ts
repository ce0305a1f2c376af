import { Worker } from 'node:worker_threads'
import type { VatThread } from '@holt/sandbox/thread-sandbox.ts'
import type { FromVat } from '@holt/sandbox/vat/messages.ts'

/** JavaScript around the program in a thread; its own memory is the Wasm's and is bounded there. */
const heap = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }

/**
 * Starts a thread for a vat. It gets nothing of its process's surroundings.
 *
 * @param url the bundle of vat-worker.ts.
 */
export function startVatThread(url: URL): VatThread {
  const worker = new Worker(url, { env: {}, argv: [], execArgv: [], resourceLimits: heap, stdin: false, stdout: false, stderr: false })
  let take: (message: FromVat) => void = () => {}
  let gone: (why: string) => void = () => {}
  let why: string | null = null
  let tellReady: () => void = () => {}
  const ready = new Promise<void>((resolve) => {
    tellReady = resolve
  })
  const ended = (reason: string) => {
    why ??= reason
    gone(why)
  }
  worker.on('message', (message: FromVat) => {
    if (message?.kind === 'ready') tellReady()
    else take(message)
  })
  worker.on('error', (error) => ended(error.message))
  worker.on('exit', (code) => ended(`its thread ended with ${code}`))
  return {
    ready,
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (onMessage, onGone) => {
      take = onMessage
      gone = onGone
      if (why !== null) onGone(why)
    },
    end: async () => {
      await worker.terminate()
    },
  }
}
