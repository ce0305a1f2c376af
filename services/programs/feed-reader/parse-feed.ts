import { type Element, childCalled, find, plainText, readXml } from './xml.ts'

export interface FeedItem {
  /** Names it within its feed, over all fetches. */
  key: string
  title: string
  /** '' when it has none that a browser opens. */
  link: string
  /** Milliseconds since 1970; 0 when it does not say. */
  time: number
  /** How it begins, without markup. */
  excerpt: string
}

export interface ParsedFeed {
  title: string
  items: FeedItem[]
}

const MOST_ITEMS = 200
const MOST_TITLE = 200
const MOST_EXCERPT = 300

/** RSS (0.91 to 2.0, and 1.0) or Atom. null: it is neither. */
export function parseFeed(source: string): ParsedFeed | null {
  const document = readXml(source)
  const channel = find(document, 'channel') ?? find(document, 'feed')
  if (channel === null) return null
  const items = allCalled(document, channel.name === 'feed' ? 'entry' : 'item').slice(0, MOST_ITEMS)
  return { title: short(withoutMarkup(childCalled(channel, 'title')?.text ?? ''), MOST_TITLE), items: items.map(itemOf) }
}

function allCalled({ children }: Element, name: string): Element[] {
  return children.flatMap((child) => (child.name === name ? [child] : allCalled(child, name)))
}

function itemOf(item: Element): FeedItem {
  const text = (...names: string[]): string => childCalled(item, ...names)?.text.trim() ?? ''
  const link = linkOf(item)
  const excerpt = short(withoutMarkup(text('description', 'summary', 'content', 'encoded')), MOST_EXCERPT)
  const title = short(withoutMarkup(text('title')), MOST_TITLE) || excerpt.slice(0, 80) || link
  return { key: text('guid', 'id') || link || title, title, link, time: timeOf(text('pubdate', 'published', 'updated', 'date')), excerpt }
}

/** RSS has it as text, Atom as an attribute, and of several the one for reading. */
function linkOf({ children }: Element): string {
  const links = children.filter(({ name }) => name === 'link')
  const one = links.find(({ attributes }) => (attributes['rel'] ?? 'alternate') === 'alternate')
  const address = (one?.attributes['href'] ?? one?.text ?? '').trim()
  return /^https?:\/\/[^\s"'<>]+$/i.test(address) ? address : ''
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const rfc822 = /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4})?/

/** RSS writes dates as mail does, Atom as ISO 8601. */
export function timeOf(text: string): number {
  const mail = rfc822.exec(text)
  if (mail === null) return Math.max(0, Date.parse(text) || 0)
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '0', zone = '+0000'] = mail
  const at = months.indexOf(month.toLowerCase())
  if (at < 0) return 0
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone.startsWith('-') ? -1 : 1)
  return Math.max(0, Date.UTC(Number(year), at, Number(day), Number(hour), Number(minute) - offset, Number(second)))
}

/** Descriptions are HTML within XML: what it says is shown, nothing that it is. */
function withoutMarkup(text: string): string {
  return plainText(text.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' '))
}

function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/\s\S*$/, '')}…`
}
