import type { Feed, StoredItem } from './shelf.ts'

const MOST_SHOWN = 100

interface Shown {
  feeds: readonly Feed[]
  items: readonly StoredItem[]
  /** The one that is looked at; null: all. */
  feed: Feed | null
  /** Also what was read. */
  all: boolean
}

export function readerPage({ feeds, items, feed, all }: Shown): string {
  const wanted = items.filter((item) => (feed === null || item.feed === feed.id) && (all || !item.read))
  const titles = new Map(feeds.map(({ id, title }) => [id, title]))
  const unread = items.filter(({ read }) => !read).length
  const where = feed === null ? '' : `feed=${feed.id}&amp;`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${unread === 0 ? '' : `(${unread}) `}Feeds</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg">
<header>
  <h1>${feed === null ? 'Feeds' : escaped(feed.title)}</h1>
  <form method="post" action="/refresh"><button>Fetch all</button></form>
</header>
<nav>
  <p>${feed === null ? '' : '<a href="/">All feeds</a> · '}<a href="/?${where}${all ? '' : 'all=1'}">${all ? 'Only unread' : 'Also what was read'}</a></p>
</nav>
<main>
  <ol>${wanted
    .slice(0, MOST_SHOWN)
    .map((item) => itemLine(item, titles.get(item.feed) ?? ''))
    .join('\n')}</ol>
  ${wanted.length === 0 ? '<p>Nothing new.</p>' : ''}
  ${wanted.length > MOST_SHOWN ? `<p class="faint">and ${wanted.length - MOST_SHOWN} older ones</p>` : ''}
</main>
<section>
  <h2>From</h2>
  <ul>${feeds.map((one) => feedLine(one, items.filter((item) => item.feed === one.id && !item.read).length)).join('\n')}</ul>
  <form class="line" method="post" action="/feeds">
    <label for="address">Address of a feed</label>
    <input id="address" name="address" type="url" required placeholder="https://">
    <button>Add</button>
  </form>
</section>
</html>
`
}

function itemLine({ id, feed, title, link, time, excerpt, read }: StoredItem, from: string): string {
  const name = link === '' ? escaped(title) : `<a href="${escaped(link)}" rel="noopener noreferrer" target="_blank">${escaped(title)}</a>`
  return `<li class="item${read ? ' read' : ''}">
  <p><strong>${name}</strong></p>
  <p>${escaped(excerpt)}</p>
  <form class="line faint" method="post" action="/${read ? 'unread' : 'read'}">
    <input type="hidden" name="feed" value="${feed}"><input type="hidden" name="item" value="${id}">
    <span>${escaped(from)}, <time>${new Date(time).toISOString().slice(0, 10)}</time></span>
    <button aria-label="${read ? 'Unread' : 'Read'}: ${escaped(title)}">${read ? 'Unread' : 'Read'}</button>
  </form>
</li>`
}

function feedLine({ id, title, fetched, problem }: Feed, unread: number): string {
  const when = fetched === 0 ? 'never fetched' : `fetched ${new Date(fetched).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `<li>
  <form class="line" method="post" action="/remove">
    <input type="hidden" name="feed" value="${id}">
    <a href="/?feed=${id}&amp;all=1">${escaped(title)}</a> <span class="faint">${unread} unread, ${when}</span>
    <button aria-label="Remove: ${escaped(title)}">Remove</button>
  </form>
  ${problem === null ? '' : `<p class="problem">${escaped(problem)}</p>`}
</li>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Words of strangers stay words. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] as string)
}
