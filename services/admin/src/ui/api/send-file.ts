import type { BundleInfo } from '@holt/control/box/methods.ts'
import type { BroughtPackage } from './program-calls.ts'
import { sendResumably } from './resumable.ts'
import { query, Refusal, refused } from './request.ts'

interface SendOptions {
  signal: AbortSignal
  onSent: (bytes: number) => void
}

export interface SendFileOptions extends SendOptions {
  replace: boolean
}

/** Smaller ones are sent again rather than gone on with. */
const RESUMED_BYTES = 8 << 20

/** Uploads one file into the tree. @throws Refusal */
export async function sendFile(path: string, file: File, { replace, ...options }: SendFileOptions): Promise<void> {
  if (file.size >= RESUMED_BYTES) return sendResumably(path, file, { replace, ...options })
  const modified: Record<string, string> = file.lastModified > 0 ? { 'x-holt-modified': String(file.lastModified / 1000) } : {}
  await put(`api/files/content?${query({ path, replace })}`, file, modified, options)
}

/** Gives the box an update. @returns what it is. @throws Refusal */
export async function sendBundle(file: File, options: SendOptions): Promise<BundleInfo & { path: string }> {
  return JSON.parse(await put('api/box/updates/bundle', file, {}, options)) as BundleInfo & { path: string }
}

/** Brings a package of a program. @returns what it is. @throws Refusal */
export async function sendPackage(file: File, options: SendOptions): Promise<BroughtPackage> {
  return JSON.parse(await put('api/programs/package', file, {}, options)) as BroughtPackage
}

/** From where it lies, never as a whole in memory; `fetch` cannot tell how far it is. */
function put(url: string, file: File, headers: Record<string, string>, { signal, onSent }: SendOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    request.setRequestHeader('x-holt', '1')
    request.setRequestHeader('content-type', 'application/octet-stream')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', (event) => onSent(event.loaded))
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(request.responseText)
      else reject(refused(request.status, request.responseText))
    })
    request.addEventListener('error', () => reject(new Refusal('OFFLINE', 'the connection was lost')))
    request.addEventListener('abort', () => reject(new Refusal('CANCELLED', 'cancelled')))
    signal.addEventListener('abort', () => request.abort())
    if (signal.aborted) reject(new Refusal('CANCELLED', 'cancelled'))
    else request.send(file)
  })
}
