import { type Request, Response } from '@holt/guest/http.ts'
import type { Page } from '@holt/guest/page.ts'
import type { Powers, Program } from '@holt/guest/program.ts'
import type { Store } from '@holt/guest/store.ts'
import { URL } from '@holt/guest/url.ts'

interface Line {
  name: string
  words: string
  /** Milliseconds since 1970. */
  time: number
}

/** Older ones make room. */
const MOST_LINES = 500
/** Who was away for longer sees the others when the page is loaded anew. */
const MOST_MISSED = 100
const MOST_NAME = 60
const MOST_WORDS = 500

/** Of those who have the book open. */
const READERS = 'readers'

interface Given extends Powers {
  site: Page
}

const program: Program<Given> = {
  async fetch(request: Request, { store, site }: Given) {
    const { pathname } = new URL(request.url)
    if (pathname === '/' && request.method === 'GET') return Response.html(bookPage(linesOf(store), lastOf(store)))
    if (pathname === '/' && request.method === 'POST') return sign(request, { store, site })
    if (pathname === '/live' && request.method === 'GET') return live(request, { store, site })
    return new Response('There is nothing here.\n', { status: 404 })
  },
}

export default program

/** New lines as they are written; first those that came since the page was loaded, or since the connection was lost. */
async function live(request: Request, { store, site }: Given): Promise<Response> {
  const seen = Number(request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after') ?? lastOf(store))
  const answer = site.events(request, { tag: READERS, retry: 3000 })
  const missed = store.keys('line/').filter((key) => numberOf(key) > seen)
  for (const key of missed.slice(-MOST_MISSED))
    await answer.stream.sendEvent({ data: lineHtml(store.get(key) as Line), id: String(numberOf(key)) })
  return answer
}

async function sign(request: Request, { store, site }: Given): Promise<Response> {
  // a form of another site cannot sign in a visitor's name
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== new URL(request.url).origin) return new Response('This form is of another page.\n', { status: 403 })
  const form = await request.form()
  const name = (form.get('name') ?? '').trim().slice(0, MOST_NAME)
  const words = (form.get('words') ?? '').trim().slice(0, MOST_WORDS)
  if (name === '' || words === '') return new Response('A name and some words, please.\n', { status: 400 })
  const number = lastOf(store) + 1
  const line: Line = { name, words, time: Date.now() }
  store.set('last', number)
  store.set(keyOf(number), line)
  if (number > MOST_LINES) store.delete(keyOf(number - MOST_LINES))
  await site.tagged(READERS).sendEvent({ data: lineHtml(line), id: String(number) })
  return Response.redirect('/')
}

function keyOf(number: number): string {
  return `line/${String(number).padStart(10, '0')}`
}

function numberOf(key: string): number {
  return Number(key.slice('line/'.length))
}

function lastOf(store: Store): number {
  return Number(store.get('last') ?? 0)
}

/** Newest first. */
function linesOf(store: Store): Line[] {
  return store
    .keys('line/')
    .reverse()
    .map((key) => store.get(key) as Line)
}

function lineHtml({ name, words, time }: Line): string {
  return `<li><p>${escaped(words)}</p><p><b>${escaped(name)}</b>, <time>${new Date(time).toISOString().slice(0, 10)}</time></p></li>`
}

function bookPage(lines: readonly Line[], last: number): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Visitor book</title>
<link rel="stylesheet" href="/style.css">
<h1>Visitor book</h1>
<form method="post" action="/">
  <label>Your name <input name="name" maxlength="${MOST_NAME}" required></label>
  <label>A few words <textarea name="words" maxlength="${MOST_WORDS}" required></textarea></label>
  <button>Sign</button>
</form>
<ol data-last="${last}" aria-live="polite">${lines.map(lineHtml).join('\n')}</ol>
<script src="/live.js"></script>
</html>
`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] as string)
}
