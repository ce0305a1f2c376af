import { query, Refusal, refused } from './request.ts'

export interface SendFileOptions {
  replace: boolean
  signal: AbortSignal
  onSent: (bytes: number) => void
}

/** Uploads one file from where it lies, never as a whole in memory; `fetch` cannot tell how far it is. @throws Refusal */
export function sendFile(path: string, file: File, { replace, signal, onSent }: SendFileOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `api/files/content?${query({ path, replace })}`)
    request.setRequestHeader('x-holt', '1')
    request.setRequestHeader('content-type', 'application/octet-stream')
    if (file.lastModified > 0) request.setRequestHeader('x-holt-modified', String(file.lastModified / 1000))
    request.upload.addEventListener('progress', (event) => onSent(event.loaded))
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(refused(request.status, request.responseText))))
    request.addEventListener('error', () => reject(new Refusal('OFFLINE', 'the connection was lost')))
    request.addEventListener('abort', () => reject(new Refusal('CANCELLED', 'cancelled')))
    signal.addEventListener('abort', () => request.abort())
    if (signal.aborted) reject(new Refusal('CANCELLED', 'cancelled'))
    else request.send(file)
  })
}
