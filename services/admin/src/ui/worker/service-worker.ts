/**
 * Shows messages that arrive while the page is closed, and the page's shell while the node does not answer, so that the page itself can say so. It keeps what was built and nothing
 * else: no answer of the API, no file, nothing of anybody. What is not in the list goes to the node as if there were no worker.
 */

/** What was built, put before this file by the build: paths from the page's own folder, `./` for the page itself. */
declare const SHELL_FILES: readonly string[]
declare const SHELL_VERSION: string
/** By language, then by kind: what a message says. */
declare const PUSH_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>>

interface LastingEvent {
  waitUntil: (work: Promise<unknown>) => void
}

interface WindowClient {
  url: string
  focus: () => Promise<unknown>
  navigate: (url: string) => Promise<unknown>
}

interface WorkerScope {
  registration: { scope: string; showNotification: (title: string, options: Record<string, unknown>) => Promise<void> }
  clients: {
    claim: () => Promise<void>
    matchAll: (options: { type: 'window' }) => Promise<readonly WindowClient[]>
    openWindow: (url: string) => Promise<unknown>
  }
  skipWaiting: () => Promise<void>
  addEventListener(kind: 'install' | 'activate', listener: (event: LastingEvent) => void): void
  addEventListener(kind: 'push', listener: (event: LastingEvent & { data: { text: () => string } | null }) => void): void
  addEventListener(kind: 'notificationclick', listener: (event: LastingEvent & { notification: { close: () => void } }) => void): void
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

worker.addEventListener('push', (event) => {
  event.waitUntil(show(event.data?.text() ?? ''))
})

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openNews())
})

/** The browser wants something to be shown for each message, also for one that is not understood. */
async function show(message: string): Promise<void> {
  const { kind, language } = parse(message)
  const words = PUSH_WORDS[language] ?? PUSH_WORDS['en'] ?? {}
  const body = (Object.hasOwn(words, kind) ? words[kind] : words['unknown']) ?? ''
  const icon = new URL('icon-192.png', base).href
  await worker.registration.showNotification('Holt', { body, icon, badge: icon, tag: kind, lang: language })
}

function parse(message: string): { kind: string; language: string } {
  try {
    const { v, kind, language } = JSON.parse(message) as Record<string, unknown>
    if (v === 1 && typeof kind === 'string' && typeof language === 'string') return { kind, language }
  } catch {
    // a later node may say it in another way
  }
  return { kind: 'unknown', language: 'en' }
}

async function openNews(): Promise<void> {
  const news = new URL('#/notices', base).href
  const open = (await worker.clients.matchAll({ type: 'window' })).find(({ url }) => plain(url) === base.href)
  if (open === undefined) await worker.clients.openWindow(news)
  else {
    await open.focus()
    await open.navigate(news)
  }
}

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
