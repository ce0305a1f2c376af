import type { Entry } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { FastifyReply } from 'fastify'
import { type DavRequest, isDirectory } from './dav-request.ts'
import { encodeProperties, isKeepable, PROPERTIES_ATTRIBUTE, propertiesIn } from './dead-properties.ts'
import { MULTISTATUS_BEGIN, MULTISTATUS_END, responseOf, XML_TYPE } from './multistatus.ts'
import { APACHE, liveProperty } from './properties.ts'
import { refuse } from './refusal.ts'
import { DAV, davChild, elementsIn, isDavElement, textIn, type XmlElement } from './xml/element.ts'
import { writeElement } from './xml/write-xml.ts'
import { xmlBodyOf } from './xml-body.ts'

/** Of Windows, which sets it when it copies a file here. */
const WINDOWS = 'urn:schemas-microsoft-com:'
const MOST_CHANGES = 128

interface PropertyChange {
  isSet: boolean
  property: XmlElement
}

/** Sets and removes properties: all that are named, or none. */
export async function proppatch(dav: DavRequest): Promise<FastifyReply> {
  const changes = changesIn(await xmlBodyOf(dav))
  const entry = await dav.entryAt(dav.path)
  if (entry === null) throw refuse(404, 'there is nothing here')
  await dav.checkConditions(entry)
  dav.checkLocks([{ path: dav.path }])
  const refused = new Map(changes.flatMap((change) => refusalOf(change, entry)))
  if (refused.size === 0) {
    const full = await apply(dav, entry, changes)
    if (full) for (const change of changes) refused.set(change, 507)
  }
  const byStatus = new Map<number, string>()
  for (const change of changes) {
    const status = refused.size === 0 ? 200 : (refused.get(change) ?? 424)
    const { namespace, name } = change.property
    const told = writeElement({ namespace, name, attributes: [], children: [] }, '')
    byStatus.set(status, (byStatus.get(status) ?? '') + told)
  }
  const body = `${MULTISTATUS_BEGIN}${responseOf(dav.hrefOf(dav.path, entry), byStatus)}${MULTISTATUS_END}`
  return dav.reply.code(207).type(XML_TYPE).send(body)
}

/** In their order, which counts. @throws HoltError INPUT_INVALID. */
function changesIn(body: XmlElement | null): PropertyChange[] {
  if (body === null || !isDavElement(body, 'propertyupdate')) throw refuse(400, 'a proppatch needs a propertyupdate')
  const changes = elementsIn(body).flatMap((step) => {
    const isSet = isDavElement(step, 'set')
    if (!isSet && !isDavElement(step, 'remove')) return []
    const prop = davChild(step, 'prop')
    if (prop === null) throw refuse(400, 'a propertyupdate names what it changes in prop')
    return elementsIn(prop).map((property) => ({ isSet, property: withLanguage(property, [prop, step, body]) }))
  })
  if (changes.length === 0 || changes.length > MOST_CHANGES) throw refuse(400, 'these are no properties, or too many')
  return changes
}

/** xml:lang holds for what is within. */
function withLanguage(property: XmlElement, around: readonly XmlElement[]): XmlElement {
  const languageOf = ({ attributes }: XmlElement) =>
    attributes.find(({ namespace, name }) => namespace.endsWith('/XML/1998/namespace') && name === 'lang')
  const inherited = around.map(languageOf).find((one) => one !== undefined)
  if (inherited === undefined || languageOf(property) !== undefined) return property
  return { ...property, attributes: [...property.attributes, inherited] }
}

function refusalOf(change: PropertyChange, entry: Entry): [PropertyChange, number][] {
  const { isSet, property } = change
  const { namespace, name } = property
  const isMode = namespace === APACHE && name === 'executable' && !isDirectory(entry)
  if (isMode) return isSet && /^[TF]$/.test(textIn(property)) ? [] : [[change, 403]]
  const isOurs = (namespace === DAV && name !== 'displayname') || liveProperty(namespace, name) !== null
  if (isOurs) return [[change, 403]]
  return !isSet || isKeepable(property) ? [] : [[change, 507]]
}

/** @returns true when there is no room for so many. */
async function apply(dav: DavRequest, entry: Entry, changes: readonly PropertyChange[]): Promise<boolean> {
  let kept = propertiesIn(entry.attributes)
  let [mode, modified]: [number | undefined, number | undefined] = [undefined, undefined]
  for (const { isSet, property } of changes) {
    if (property.namespace === APACHE) {
      mode = textIn(property) === 'T' ? entry.mode | 0o111 : entry.mode & ~0o111
      continue
    }
    kept = kept.filter(({ namespace, name }) => namespace !== property.namespace || name !== property.name)
    if (isSet) kept.push(property)
    if (isSet && property.namespace === WINDOWS && property.name === 'Win32LastModifiedTime') modified = timeIn(property) ?? modified
  }
  try {
    const attributes = { [PROPERTIES_ATTRIBUTE]: kept.length === 0 ? null : Buffer.from(encodeProperties(kept)).toString('base64') }
    await dav.controlFor([dav.path]).call('files.setAttributes', { path: dav.path, attributes, mode, modified })
    return false
  } catch (error) {
    if (isHoltError(error, 'TOO_LARGE') || isHoltError(error, 'MALFORMED')) return true
    throw error
  }
}

function timeIn(property: XmlElement): number | undefined {
  const ms = Date.parse(textIn(property))
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}
