import type { Token } from 'marked'
import { ownScript } from '../../state/script-address.ts'
import workerUrl from './markdown-worker.ts?worker&url'

/** Long for a text of this size, short for who waits. */
const PATIENCE_MS = 5000

/** @returns null when the text cannot be taken apart in a reasonable time; it can still be shown as it is. */
export function readMarkdown(text: string, signal: AbortSignal): Promise<Token[] | null> {
  const worker = new Worker(ownScript(workerUrl), { type: 'module' })
  return new Promise<Token[] | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE_MS)
    signal.addEventListener('abort', () => resolve(null))
    worker.addEventListener('message', ({ data }: MessageEvent<Token[]>) => {
      clearTimeout(timer)
      resolve(data)
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      clearTimeout(timer)
      resolve(null)
    })
    worker.addEventListener('messageerror', () => resolve(null))
    worker.postMessage(text)
  }).finally(() => worker.terminate())
}
