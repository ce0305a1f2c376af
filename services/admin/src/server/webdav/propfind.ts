import { Readable } from 'node:stream'
import type { Control, Entry } from '@holt/control/schema.ts'
import type { FastifyReply } from 'fastify'
import { type DavRequest, isDirectory } from './dav-request.ts'
import { joinPaths } from './dav-path.ts'
import { propertiesIn } from './dead-properties.ts'
import { MULTISTATUS_BEGIN, MULTISTATUS_END, responseOf, XML_TYPE } from './multistatus.ts'
import { type Described, displayName, liveProperties, liveProperty, type Space } from './properties.ts'
import { refuse } from './refusal.ts'
import { DAV, davChild, elementsIn, isDavElement, type XmlElement } from './xml/element.ts'
import { escapeText, writeElement } from './xml/write-xml.ts'
import { xmlBodyOf } from './xml-body.ts'

const PAGE = 200
/** Deeper answers are asked for folder by folder. */
const MOST_OF_INFINITY = 5000
const MOST_NAMES = 128
const PART_LENGTH = 16_384

interface PropertyName {
  namespace: string
  name: string
}
interface Wish {
  kind: 'all' | 'names' | 'some'
  names: readonly PropertyName[]
}

/** What is known of a file, of a folder and what is in it, or of all below it. */
export async function propfind(dav: DavRequest): Promise<FastifyReply> {
  const depth = dav.depth(['0', '1', 'infinity'], 'infinity')
  const wish = wishIn(await xmlBodyOf(dav))
  const entry = await dav.entryAt(dav.path)
  if (entry === null) throw refuse(404, 'there is nothing here')
  if (depth === 'infinity' && isDirectory(entry)) await checkFew(dav)
  const found = depth === '0' || !isDirectory(entry) ? only(dav.path, entry) : walk(dav, { path: dav.path, entry }, depth === 'infinity')
  const answer = Readable.from(inParts(answers(dav, found, wish)), { objectMode: false })
  return dav.reply.code(207).type(XML_TYPE).send(answer)
}

/** @throws HoltError INPUT_INVALID. */
function wishIn(body: XmlElement | null): Wish {
  if (body === null) return { kind: 'all', names: [] }
  const [all, names, some] = ['allprop', 'propname', 'prop'].map((name) => davChild(body, name))
  if (!isDavElement(body, 'propfind') || [all, names, some].filter(Boolean).length !== 1)
    throw refuse(400, 'a propfind asks for allprop, propname or prop')
  if (names) return { kind: 'names', names: [] }
  const listed = new Map<string, PropertyName>()
  const list = some ?? davChild(body, 'include')
  for (const { namespace, name } of list ? elementsIn(list) : []) listed.set(`${namespace} ${name}`, { namespace, name })
  if (listed.size > MOST_NAMES) throw refuse(400, 'these are too many properties')
  return { kind: some ? 'some' : 'all', names: [...listed.values()] }
}

interface Found {
  path: string
  entry: Entry
}

async function* only(path: string, entry: Entry): AsyncGenerator<Found> {
  yield { path, entry }
}

async function* pageOf(dav: DavRequest, path: string, attributes: boolean): AsyncGenerator<Found> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await dav.control.call('files.list', { path, after, limit: PAGE, attributes }, { signal: dav.signal })
    for (const entry of page.entries) if (entry.type !== 'symlink') yield { path: joinPaths(path, `/${entry.name}`), entry }
    after = page.entries.at(-1)?.name
    more = page.more && after !== undefined
  }
}

async function* walk(dav: DavRequest, from: Found, isDeep: boolean): AsyncGenerator<Found> {
  yield from
  const waiting = [from.path]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop())
    for await (const found of pageOf(dav, path, true)) {
      yield found
      if (isDeep && isDirectory(found.entry)) waiting.push(found.path)
    }
}

/** Names only, so that it is known before the answer begins. @throws HoltError NOT_AUTHORIZED with the condition. */
async function checkFew(dav: DavRequest): Promise<void> {
  let count = 0
  const waiting = [dav.path]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop())
    for await (const { path: found, entry } of pageOf(dav, path, false)) {
      if (++count > MOST_OF_INFINITY) throw refuse(403, 'ask folder by folder: there is too much below', 'propfind-finite-depth')
      if (isDirectory(entry)) waiting.push(found)
    }
}

async function* answers(dav: DavRequest, found: AsyncIterable<Found>, wish: Wish): AsyncGenerator<string> {
  yield MULTISTATUS_BEGIN
  const { locks, context } = dav.world
  const now = context.now()
  let space: Promise<Space> | null = null
  const askSpace = (): Promise<Space> => (space ??= spaceOf(context.control))
  const hrefOfLock = (path: string): string => dav.hrefOf(path, null)
  for await (const { path, entry } of found) {
    const about: Described = { path, entry, locks: locks.over(path), holder: dav.holder, hrefOf: hrefOfLock, now, space: askSpace }
    yield responseOf(dav.hrefOf(path, entry), await propertiesOf(about, wish))
  }
  yield MULTISTATUS_END
}

/** XML by status. */
async function propertiesOf(about: Described, { kind, names }: Wish): Promise<Map<number, string>> {
  const dead = propertiesIn(about.entry.attributes)
  const isShown = dead.some((one) => one.namespace === DAV && one.name === 'displayname')
  const shown = isShown ? '' : `<D:displayname>${escapeText(displayName(about.path))}</D:displayname>`
  if (kind === 'names') {
    const live = await Promise.all(liveProperties.map(async (one) => ((await one.value(about)) === null ? '' : tag(one))))
    return new Map([[200, `${live.join('')}${shown === '' ? '' : '<D:displayname/>'}${dead.map((one) => tag(one)).join('')}`]])
  }
  const usual = kind === 'all' ? liveProperties.filter(({ isUsual }) => isUsual) : []
  const there: string[] = kind === 'all' ? [shown, ...dead.map((one) => writeElement(one, ''))] : []
  const missing: string[] = []
  for (const wanted of [...usual, ...names]) {
    const value = await liveProperty(wanted.namespace, wanted.name)?.value(about)
    const kept = dead.find(({ namespace, name }) => namespace === wanted.namespace && name === wanted.name)
    if (typeof value === 'string') there.push(tag(wanted, value))
    else if (kept !== undefined) there.push(kind === 'all' ? '' : writeElement(kept, ''))
    else if (isDisplayName(wanted)) there.push(kind === 'all' ? '' : shown)
    else if (kind === 'some' || !usual.some((one) => one === wanted)) missing.push(tag(wanted))
  }
  const found = new Map<number, string>()
  if (there.length > 0 || missing.length === 0) found.set(200, there.join(''))
  if (missing.length > 0) found.set(404, missing.join(''))
  return found
}

function isDisplayName({ namespace, name }: PropertyName): boolean {
  return namespace === DAV && name === 'displayname'
}

/** @param inner XML, in which `D:` is declared. */
function tag({ namespace, name }: PropertyName, inner = ''): string {
  const [open, close] =
    namespace === DAV ? [`D:${name}`, `D:${name}`] : [`${name} xmlns="${escapeText(namespace).replaceAll('"', '&quot;')}"`, name]
  return inner === '' ? `<${open}/>` : `<${open}>${inner}</${close}>`
}

/** Of the drives, as much as what is written now would find: fragments take more than the bytes themselves. */
async function spaceOf(control: Control): Promise<Space> {
  const [{ drives }, { classes }] = await Promise.all([control.call('drives.list', {}), control.call('classes.list', {})])
  const standard = classes.find(({ name }) => name === 'standard')
  const share = standard === undefined ? 1 : standard.dataFragments / standard.totalFragments
  const sum = (name: 'totalBytes' | 'freeBytes'): number => drives.reduce((whole, drive) => whole + drive[name], 0) * share
  const available = Math.max(0, sum('freeBytes'))
  return { availableBytes: Math.floor(available), usedBytes: Math.floor(Math.max(0, sum('totalBytes') - available)) }
}

async function* inParts(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let part = ''
  for await (const text of texts) {
    part += text
    if (part.length < PART_LENGTH) continue
    yield Buffer.from(part)
    part = ''
  }
  if (part !== '') yield Buffer.from(part)
}
