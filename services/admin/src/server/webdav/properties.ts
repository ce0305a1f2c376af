import type { Entry } from '@holt/control/schema.ts'
import { inlineTypeOf } from '../files/content-type.ts'
import { etagOf } from '../files/download.ts'
import { nameOf } from '../files/tree-path.ts'
import { isDirectory } from './dav-request.ts'
import type { Lock } from './locks.ts'
import { DAV, type XmlElement } from './xml/element.ts'
import { escapeText, writeElement } from './xml/write-xml.ts'

export const APACHE = 'http://apache.org/dav/props/'

export interface Space {
  availableBytes: number
  usedBytes: number
}

/** One file or folder, and what must be known of it. */
export interface Described {
  path: string
  entry: Entry
  /** Own ones may be shown with their tokens. */
  locks: readonly Lock[]
  holder: string
  hrefOf: (path: string) => string
  now: number
  space: () => Promise<Space>
}

export interface LiveProperty {
  namespace: string
  name: string
  /** Told without being asked for. */
  isUsual: boolean
  /** XML; null: this has none. */
  value: (about: Described) => string | null | Promise<string | null>
}

const ofFile = (value: (entry: Entry, about: Described) => string) => (about: Described) =>
  isDirectory(about.entry) ? null : value(about.entry, about)
const ofDirectory = (value: (space: Space) => number) => async (about: Described) =>
  isDirectory(about.entry) ? String(value(await about.space())) : null

/** What Holt itself says of files and folders. */
export const liveProperties: readonly LiveProperty[] = [
  dav('resourcetype', ({ entry }) => (isDirectory(entry) ? '<D:collection/>' : '')),
  dav(
    'getcontentlength',
    ofFile(({ sizeBytes }) => String(sizeBytes)),
  ),
  dav(
    'getcontenttype',
    ofFile((_, { path }) => inlineTypeOf(nameOf(path)) ?? 'application/octet-stream'),
  ),
  dav(
    'getetag',
    ofFile((entry) => escapeText(etagOf(entry))),
  ),
  dav('getlastmodified', ({ entry }) => dateOf(entry).toUTCString()),
  // when it was made is not kept
  dav('creationdate', ({ entry }) =>
    dateOf(entry)
      .toISOString()
      .replace(/\.\d+Z$/, 'Z'),
  ),
  dav('supportedlock', () => SUPPORTED_LOCKS),
  dav('lockdiscovery', ({ locks, holder, hrefOf, now }) => locks.map((lock) => activeLock(lock, { holder, hrefOf, now })).join('')),
  {
    ...dav(
      'quota-available-bytes',
      ofDirectory(({ availableBytes }) => availableBytes),
    ),
    isUsual: false,
  },
  {
    ...dav(
      'quota-used-bytes',
      ofDirectory(({ usedBytes }) => usedBytes),
    ),
    isUsual: false,
  },
  { namespace: APACHE, name: 'executable', isUsual: false, value: ofFile(({ mode }) => ((mode & 0o100) === 0 ? 'F' : 'T')) },
]

function dav(name: string, value: LiveProperty['value']): LiveProperty {
  return { namespace: DAV, name, isUsual: true, value }
}

export function liveProperty(namespace: string, name: string): LiveProperty | null {
  return liveProperties.find((one) => one.namespace === namespace && one.name === name) ?? null
}

/** What it is called where nobody said otherwise. */
export function displayName(path: string): string {
  return path === '/' ? 'Holt' : nameOf(path)
}

const SUPPORTED_LOCKS = ['exclusive', 'shared']
  .map((scope) => `<D:lockentry><D:lockscope><D:${scope}/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>`)
  .join('')

/** Who did not take it is not told its token. */
export function activeLock(lock: Lock, { holder, hrefOf, now }: Pick<Described, 'holder' | 'hrefOf' | 'now'>): string {
  const owner: XmlElement | null = lock.owner
  const seconds = Math.max(0, Math.ceil((lock.untilMs - now) / 1000))
  return [
    '<D:activelock><D:locktype><D:write/></D:locktype>',
    `<D:lockscope><D:${lock.isExclusive ? 'exclusive' : 'shared'}/></D:lockscope>`,
    `<D:depth>${lock.isDeep ? 'infinity' : '0'}</D:depth>`,
    owner === null ? '' : writeElement(owner, ''),
    `<D:timeout>Second-${seconds}</D:timeout>`,
    lock.holder === holder ? `<D:locktoken><D:href>${lock.token}</D:href></D:locktoken>` : '',
    `<D:lockroot><D:href>${escapeText(hrefOf(lock.path))}</D:href></D:lockroot></D:activelock>`,
  ].join('')
}

function dateOf({ modified }: Entry): Date {
  const date = new Date(modified * 1000)
  const year = date.getUTCFullYear()
  return year >= 1970 && year < 10_000 ? date : new Date(0)
}
