import { type Request, Response } from '@holt/guest/http.ts'
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
const MOST_NAME = 60
const MOST_WORDS = 500

const program: Program = {
  async fetch(request: Request, { store }: Powers) {
    const { pathname } = new URL(request.url)
    if (pathname === '/' && request.method === 'GET') return Response.html(bookPage(linesOf(store)))
    if (pathname === '/' && request.method === 'POST') return sign(request, store)
    return new Response('There is nothing here.\n', { status: 404 })
  },
}

export default program

async function sign(request: Request, store: Store): Promise<Response> {
  // a form of another site cannot sign in a visitor's name
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== new URL(request.url).origin) return new Response('This form is of another page.\n', { status: 403 })
  const form = await request.form()
  const name = (form.get('name') ?? '').trim().slice(0, MOST_NAME)
  const words = (form.get('words') ?? '').trim().slice(0, MOST_WORDS)
  if (name === '' || words === '') return new Response('A name and some words, please.\n', { status: 400 })
  const number = Number(store.get('last') ?? 0) + 1
  store.set('last', number)
  store.set(keyOf(number), { name, words, time: Date.now() } satisfies Line)
  if (number > MOST_LINES) store.delete(keyOf(number - MOST_LINES))
  return Response.redirect('/')
}

function keyOf(number: number): string {
  return `line/${String(number).padStart(10, '0')}`
}

/** Newest first. */
function linesOf(store: Store): Line[] {
  return store
    .keys('line/')
    .reverse()
    .map((key) => store.get(key) as Line)
}

function bookPage(lines: readonly Line[]): string {
  const items = lines.map(
    ({ name, words, time }) =>
      `<li><p>${escaped(words)}</p><p><b>${escaped(name)}</b>, <time>${new Date(time).toISOString().slice(0, 10)}</time></p></li>`,
  )
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
<ol>${items.join('\n')}</ol>
</html>
`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] as string)
}
