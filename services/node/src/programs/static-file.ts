import { cidToText } from '@holt/core/cid.ts'
import type { ProgramPackage } from '@holt/core/package/archive.ts'
import type { PageRequest, PageResponse } from '../platform.ts'

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  woff2: 'font/woff2',
}

/** A file of the package's `pages` folder; a path that ends with '/' means its `index.html`. null: there is none, or it is not asked for. */
export function staticFile(read: ProgramPackage, { method, url, headers }: PageRequest): PageResponse | null {
  const { pages, files } = read.manifest
  if (pages === undefined || (method !== 'GET' && method !== 'HEAD')) return null
  const path = decoded(new URL(url).pathname)
  const wanted = path === null ? null : `${pages}${path.endsWith('/') ? `${path}index.html` : path}`
  const file = files.find((one) => one.path === wanted)
  if (file === undefined) return null
  // the content names itself: two parts of one file differ when it does
  const etag = `"${file.parts.map((cid) => cidToText(cid).slice(-16)).join('') || 'empty'}"`
  const common: [string, string][] = [
    ['content-type', types[file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'],
    ['etag', etag],
    ['cache-control', 'no-cache'],
    ['accept-ranges', 'bytes'],
  ]
  const header = (name: string): string | undefined => headers.find(([other]) => other.toLowerCase() === name)?.[1]
  if (header('if-none-match') === etag) return { status: 304, headers: common, body: new Uint8Array(0) }
  return partOf({ status: 200, headers: common, body: read.file(file.path) }, headers)
}

/** Of a whole answer the part that was asked for, where one was, and it is still of that content. */
export function partOf(whole: PageResponse, asked: readonly [string, string][]): PageResponse {
  const header = (headers: readonly [string, string][], name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1]
  const { headers, body } = whole
  const ifRange = header(asked, 'if-range')
  const range = ifRange === undefined || ifRange === header(headers, 'etag') ? rangeOf(header(asked, 'range'), body.length) : null
  if (range === 'none') return { status: 416, headers: [['content-range', `bytes */${body.length}`]], body: new Uint8Array(0) }
  if (range === null) return whole
  const [from, to] = range
  return { status: 206, headers: [...headers, ['content-range', `bytes ${from}-${to}/${body.length}`]], body: body.subarray(from, to + 1) }
}

/** First and last byte of a single range; null: the whole is sent. */
function rangeOf(header: string | undefined, size: number): [number, number] | 'none' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return null
  const [, first = '', last = ''] = match
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  return from > to ? 'none' : [from, to]
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
