import type { Hosts } from '@holt/guest/hosts.ts'
import { URL } from '@holt/guest/url.ts'
import { parseFeed } from './parse-feed.ts'
import type { Feed, Shelf } from './shelf.ts'

const MOST_LEAPS = 4
const MAX_FEED_CHARACTERS = 2_000_000

/** Fetches one feed and keeps what is in it; what goes wrong is kept too, for who reads. */
export async function fetchFeed(shelf: Shelf, feed: Feed, hosts: Hosts | undefined): Promise<void> {
  try {
    if (hosts === undefined) throw new Error('this program was given no hosts')
    const parsed = parseFeed(await textAt(hosts, feed.address))
    if (parsed === null) throw new Error('there is no feed at this address')
    shelf.take(feed, parsed, Date.now())
  } catch (error) {
    shelf.failed(feed, problemOf(error, feed.address))
  }
}

async function textAt(hosts: Hosts, address: string): Promise<string> {
  let url = new URL(address)
  for (let leaps = 0; leaps < MOST_LEAPS; leaps++) {
    const response = await hosts.fetch(url.href, {
      headers: { accept: 'application/atom+xml, application/rss+xml, application/xml, text/xml' },
    })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) {
      if (!response.ok) throw new Error(`it was answered with ${response.status}`)
      return (await response.text()).slice(0, MAX_FEED_CHARACTERS)
    }
    url = new URL(location, url.href) // and whether we may go there is asked anew
  }
  throw new Error('it leads on and on')
}

function problemOf(error: unknown, address: string): string {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'NOT_AUTHORIZED')
    return `The owner of this node has not given this program the host ${new URL(address).host}, or one that it leads to. Hosts are added on the page Programs.`
  return `It could not be read: ${message ?? String(error)}`
}
