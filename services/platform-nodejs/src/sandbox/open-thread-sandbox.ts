import { pathToFileURL } from 'node:url'
import { ThreadSandbox } from '@holt/sandbox/thread-sandbox.ts'
import { cageBundles } from './cage-bundles.ts'
import { readEngine } from './engine-file.ts'
import { startVatThread } from './nodejs-vat-thread.ts'

/** A sandbox without a cage, in threads of this very process: for tests only. */
export async function openThreadSandbox({ spareThreads = 0 }: { spareThreads?: number } = {}): Promise<ThreadSandbox> {
  const { files, remove } = await cageBundles()
  const worker = pathToFileURL(files['vat-worker.mjs'] as string)
  const sandbox = new ThreadSandbox({ startThread: () => startVatThread(worker), engine: readEngine, spareThreads })
  const stop = sandbox.stop.bind(sandbox)
  sandbox.stop = async () => {
    await stop()
    await remove()
  }
  return sandbox
}
