import type { Hosts } from '@holt/guest/hosts.ts'
import { type Request, Response } from '@holt/guest/http.ts'
import type { Powers, Program } from '@holt/guest/program.ts'
import { URL } from '@holt/guest/url.ts'
import { fetchFeed } from './fetch-feed.ts'
import { readerPage } from './page.ts'
import { Shelf } from './shelf.ts'

const MOST_FEEDS = 50

const program: Program = {
  async fetch(request: Request, powers: Powers) {
    const shelf = new Shelf(powers.store)
    const hosts = powers['feeds'] as Hosts | undefined
    const { pathname, searchParams, origin } = new URL(request.url)
    if (request.method === 'GET' && pathname === '/') {
      const feed = shelf.feed(searchParams.get('feed') ?? '')
      return Response.html(readerPage({ feeds: shelf.feeds(), items: shelf.items(), feed, all: searchParams.get('all') !== null }))
    }
    if (request.method !== 'POST') return new Response('There is nothing here.\n', { status: 404 })
    // a form of another site cannot act for who reads here
    const from = request.headers.get('origin')
    if (from !== null && from !== origin) return new Response('This form is of another page.\n', { status: 403 })
    const form = await request.form()
    const text = (name: string): string => (form.get(name) ?? '').trim()
    switch (pathname) {
      case '/feeds': {
        const address = text('address')
        if (!isAddress(address)) return new Response('This is no address of a feed.\n', { status: 400 })
        if (shelf.feeds().length >= MOST_FEEDS) return new Response(`There are ${MOST_FEEDS} feeds already.\n`, { status: 400 })
        await fetchFeed(shelf, shelf.add(address), hosts)
        return Response.redirect('/')
      }
      case '/refresh':
        for (const feed of shelf.feeds()) await fetchFeed(shelf, feed, hosts)
        return Response.redirect('/')
      case '/read':
      case '/unread':
        shelf.mark(text('feed'), text('item'), pathname === '/read')
        return Response.redirect('/')
      case '/remove':
        shelf.remove(text('feed'))
        return Response.redirect('/')
      default:
        return new Response('There is nothing here.\n', { status: 404 })
    }
  },
}

export default program

function isAddress(text: string): boolean {
  return text.length <= 2000 && /^https?:\/\/[^\s/]+/i.test(text) && URL.canParse(text)
}
