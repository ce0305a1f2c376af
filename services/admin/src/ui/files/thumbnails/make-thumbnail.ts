import { contentUrl, type Entry } from '../../api/calls.ts'
import { ownScript } from '../../state/script-address.ts'
import { kindOf } from '../kinds.ts'
import { filmStill } from './film-still.ts'
import type { ThumbnailDone, ThumbnailJob } from './thumbnail-worker.ts'
import workerUrl from './thumbnail-worker.ts?worker&url'

let worker: Worker | null = null
let last = 0
const waiting = new Map<number, (blob: Blob | null) => void>()

/** Whether this browser can make small pictures at all. */
const able = typeof OffscreenCanvas === 'function' && typeof createImageBitmap === 'function'

/** @returns null where none can be made. */
export async function makeThumbnail(path: string, entry: Entry, signal: AbortSignal): Promise<Blob | null> {
  if (!able) return null
  const url = new URL(contentUrl(path, { view: true }), document.baseURI).href
  const source = kindOf(entry) === 'video' ? await filmStill(url, signal) : url
  if (source === null || signal.aborted) return null
  return ask(source)
}

function ask(source: ThumbnailJob['source']): Promise<Blob | null> {
  worker ??= start()
  const job: ThumbnailJob = { id: ++last, source }
  return new Promise((resolve) => {
    waiting.set(job.id, resolve)
    worker?.postMessage(job, typeof source === 'string' ? [] : [source])
  })
}

function start(): Worker {
  const made = new Worker(ownScript(workerUrl), { type: 'module' })
  made.addEventListener('message', ({ data: { id, blob } }: MessageEvent<ThumbnailDone>) => {
    waiting.get(id)?.(blob)
    waiting.delete(id)
  })
  // A picture that brought it down: those that wait have none now, the next begin anew.
  made.addEventListener('error', (event) => {
    event.preventDefault()
    made.terminate()
    if (worker === made) worker = null
    for (const resolve of waiting.values()) resolve(null)
    waiting.clear()
  })
  return made
}
