import { rememberedParts } from '../files/remembered-uploads.ts'
import { Refusal, refusalOf, refused, send } from './request.ts'

export interface ResumableOptions {
  replace: boolean
  signal: AbortSignal
  onSent: (bytes: number) => void
}

const TUS = { 'tus-resumable': '1.0.0' }
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

/** Uploads of this page, also where the browser remembers nothing. */
const begun = new WeakMap<File, string>()

/**
 * Sends a file so that it goes on where it was: when the connection or the node comes back, after a reload when the same file is handed in again.
 * As long as neither comes it waits.
 *
 * @throws Refusal
 */
export async function sendResumably(path: string, file: File, { replace, signal, onSent }: ResumableOptions): Promise<void> {
  let url = begun.get(file) ?? (await rememberedParts.get(file))
  let isPlaced = false
  try {
    for (let waitMs = FIRST_WAIT_MS; ; ) {
      try {
        if (url === null || !isPlaced) url = await place(url, { path, file, replace, signal })
        isPlaced = true
        const offset = await offsetOf(url, signal)
        onSent(offset)
        await append(url, file, {
          offset,
          signal,
          onSent: (bytes) => {
            waitMs = FIRST_WAIT_MS
            onSent(bytes)
          },
        })
        return await forget(file)
      } catch (error) {
        const { code } = refusalOf(error)
        if (code === 'NOT_FOUND' && url !== null)
          url = null // it was given up; another begins, and says whether its folder is there
        else if (code === 'CONFLICT') await rest(200, signal)
        else if (code !== 'OFFLINE' && code !== 'NODE_STOPPING') throw error
        else {
          await rest(waitMs, signal)
          waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)
        }
      }
    }
  } catch (error) {
    if (signal.aborted && url !== null) await discard(url, file)
    throw error
  }
}

interface Wish {
  path: string
  file: File
  replace: boolean
  signal: AbortSignal
}

/** The upload that was begun, at the place it shall have now; or a new one. */
async function place(url: string | null, { path, file, replace, signal }: Wish): Promise<string> {
  if (url !== null) {
    await send('PUT', `${url}/place`, { body: { path, replace }, signal })
    begun.set(file, url)
    return url
  }
  const metadata = [`path ${base64(path)}`, ...(file.lastModified > 0 ? [`modified ${base64(String(file.lastModified / 1000))}`] : [])]
  if (replace) metadata.push(`replace ${base64('true')}`)
  const headers = { ...TUS, 'upload-length': String(file.size), 'upload-metadata': metadata.join(',') }
  const answer = await send('POST', 'api/uploads', { headers, signal })
  const made = (answer.headers.get('location') ?? '').replace(/^\//, '')
  begun.set(file, made)
  await rememberedParts.set(file, made)
  return made
}

async function offsetOf(url: string, signal: AbortSignal): Promise<number> {
  const answer = await send('HEAD', url, { headers: TUS, signal }).catch((error: unknown) => {
    // The answer to HEAD has no body that says why.
    const refusal = refusalOf(error)
    throw refusal.status === 404 ? new Refusal('NOT_FOUND', 'given up', { status: 404 }) : refusal
  })
  return Number(answer.headers.get('upload-offset'))
}

async function forget(file: File): Promise<void> {
  begun.delete(file)
  await rememberedParts.forget(file)
}

async function discard(url: string, file: File): Promise<void> {
  await forget(file)
  await send('DELETE', url, { headers: TUS }).catch(() => {}) // it is given up by itself after a week
}

/** The rest in one request, from where it lies on the disk. */
function append(
  url: string,
  file: File,
  { offset, signal, onSent }: { offset: number; signal: AbortSignal; onSent: (bytes: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PATCH', url)
    const headers = { ...TUS, 'x-holt': '1', 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    const abort = (): void => request.abort()
    request.upload.addEventListener('progress', (event) => onSent(offset + event.loaded))
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(refused(request.status, request.responseText))))
    request.addEventListener('error', () => reject(new Refusal('OFFLINE', 'the connection was lost')))
    request.addEventListener('abort', () => reject(new Refusal('CANCELLED', 'cancelled')))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
    signal.addEventListener('abort', abort)
    if (signal.aborted) reject(new Refusal('CANCELLED', 'cancelled'))
    else request.send(file.slice(offset))
  })
}

/** Shorter when the network says that it is back. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(new Refusal('CANCELLED', 'cancelled'))
      else resolve()
    }
    const timer = setTimeout(end, ms)
    window.addEventListener('online', end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
