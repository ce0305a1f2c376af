/**
 * Shows the page's shell while the node does not answer, so that the page itself can say so. It keeps what was built and nothing
 * else: no answer of the API, no file, nothing of anybody. What is not in the list goes to the node as if there were no worker.
 */

/** What was built, put before this file by the build: paths from the page's own folder, `./` for the page itself. */
declare const SHELL_FILES: readonly string[]
declare const SHELL_VERSION: string

interface LastingEvent {
  waitUntil: (work: Promise<unknown>) => void
}

interface WorkerScope {
  registration: { scope: string }
  clients: { claim: () => Promise<void> }
  skipWaiting: () => Promise<void>
  addEventListener(kind: 'install' | 'activate', listener: (event: LastingEvent) => void): void
  addEventListener(kind: 'fetch', listener: (event: { request: Request; respondWith: (answer: Promise<Response>) => void }) => void): void
}

const worker = self as unknown as WorkerScope
const PREFIX = 'holt-shell-'
const CACHE = `${PREFIX}${SHELL_VERSION}`
/** A node that is there answers sooner, also one that just woke its drive. */
const PATIENCE_MS = 5000

const base = new URL(worker.registration.scope)
const shell = new Set(SHELL_FILES.map((file) => new URL(file, base).href))

worker.addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = plain(request.url)
  // The page is asked for anew each time: a node that was updated has another one.
  if (request.mode === 'navigate' && url === base.href) event.respondWith(fromNode(request).catch(() => kept(base.href)))
  else if (shell.has(url) && url !== base.href) event.respondWith(kept(url))
})

function plain(address: string): string {
  const url = new URL(address)
  url.hash = ''
  url.search = ''
  return url.href
}

function fromNode(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
}

async function kept(url: string): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(url)) ?? fetch(url)
}

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([...shell].map((url) => new Request(url, { cache: 'no-cache' })))
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)))
}
