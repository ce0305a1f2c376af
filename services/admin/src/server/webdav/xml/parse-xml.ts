import { HoltError } from '@holt/core/errors.ts'
import { readUtf8 } from '@holt/core/utf8-text.ts'
import { type XmlAttribute, type XmlElement, XML } from './element.ts'

/** The whole body is in memory, and a tree of it a few times that. */
export const MOST_XML_BYTES = 128 * 1024
const MOST_DEPTH = 24
const MOST_ELEMENTS = 4096
const MOST_ATTRIBUTES = 64

const XMLNS = 'http://www.w3.org/2000/xmlns/'
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"utf-8"|'utf-8'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/iy
const SPACE = /[ \t\r\n]+/y
const START =
  'A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}\\u{200c}\\u{200d}\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}'
const PART = `[${START}][-.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}${START}]*`
const NAME = new RegExp(`(?:(${PART}):)?(${PART})`, 'uy')
const TEXT = /[^<&]+/y
/** All but what XML 1.0 has a place for. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));/y
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Reads the XML that WebDAV needs: UTF-8, elements, attributes, text, CDATA, comments and the five entities that XML has of its own. No document type, no
 * processing instructions: so nothing can be defined, fetched or blown up.
 *
 * @throws HoltError MALFORMED, TOO_LARGE.
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > MOST_XML_BYTES) throw new HoltError('TOO_LARGE', 'the XML is too long', { sizeBytes: bytes.length })
  const text = readUtf8(bytes)
  if (text === null) throw malformed('is not UTF-8')
  const wrong = NO_CHARACTER.exec(text)
  if (wrong !== null) throw malformed('holds a character that XML has not')
  return new Reader(text.startsWith('\ufeff') ? text.slice(1) : text).document()
}

function malformed(what: string): HoltError {
  return new HoltError('MALFORMED', `the XML ${what}`)
}

type Prefixes = ReadonlyMap<string, string>
interface RawName {
  prefix: string
  local: string
}

class Reader {
  readonly #text: string
  #at = 0
  #elements = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): XmlElement {
    this.#take(DECLARATION)
    this.#passOver()
    if (!this.#text.startsWith('<', this.#at)) throw malformed('has no element')
    const root = this.#element(new Map([['xml', XML]]), 1)
    this.#passOver()
    if (this.#at < this.#text.length) throw malformed('goes on after its element')
    return root
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found !== null) this.#at = pattern.lastIndex
    return found
  }

  #takeText(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #need(text: string): void {
    if (!this.#takeText(text)) throw malformed(`has no ${text} where one must be`)
  }

  /** Space and comments around the element. */
  #passOver(): void {
    while (this.#take(SPACE) !== null || this.#comment());
  }

  #comment(): boolean {
    if (!this.#takeText('<!--')) return false
    const end = this.#text.indexOf('--', this.#at)
    if (end < 0 || !this.#text.startsWith('-->', end)) throw malformed('has a comment without end')
    this.#at = end + 3
    return true
  }

  #name(): RawName {
    const found = this.#take(NAME)
    if (found === null) throw malformed('has no name where one must be')
    return { prefix: found[1] ?? '', local: found[2] as string }
  }

  #element(outer: Prefixes, depth: number): XmlElement {
    if (depth > MOST_DEPTH || ++this.#elements > MOST_ELEMENTS)
      throw new HoltError('TOO_LARGE', 'the XML is too deep or has too many elements')
    this.#need('<')
    const name = this.#name()
    const raw = this.#attributes()
    const prefixes = declared(outer, raw)
    const head = {
      namespace: name.prefix === '' ? (prefixes.get('') ?? '') : namespaceOf(prefixes, name),
      name: name.local,
      attributes: attributesOf(prefixes, raw),
    }
    if (this.#takeText('/>')) return { ...head, children: [] }
    this.#need('>')
    const children = this.#content(prefixes, depth)
    const end = this.#name()
    if (end.prefix !== name.prefix || end.local !== name.local) throw malformed('ends another element than it began')
    this.#take(SPACE)
    this.#need('>')
    return { ...head, children }
  }

  /** Up to `</`, which is taken. */
  #content(prefixes: Prefixes, depth: number): (XmlElement | string)[] {
    const children: (XmlElement | string)[] = []
    let text = ''
    const endText = (): void => {
      if (text !== '') children.push(text)
      text = ''
    }
    while (!this.#takeText('</')) {
      if (this.#at >= this.#text.length) throw malformed('ends within an element')
      const plain = this.#take(TEXT)
      if (plain !== null) {
        if (plain[0].includes(']]>')) throw malformed('has ]]> in text')
        text += plain[0].replace(/\r\n?/g, '\n')
      } else if (this.#takeText('<![CDATA[')) text += this.#cdata()
      else if (this.#text.startsWith('&', this.#at)) text += this.#reference()
      else if (!this.#comment()) {
        endText()
        children.push(this.#element(prefixes, depth + 1))
      }
    }
    endText()
    return children
  }

  #cdata(): string {
    const end = this.#text.indexOf(']]>', this.#at)
    if (end < 0) throw malformed('has CDATA without end')
    const text = this.#text.slice(this.#at, end)
    this.#at = end + 3
    return text.replace(/\r\n?/g, '\n')
  }

  #reference(): string {
    const found = this.#take(REFERENCE)
    if (found === null) throw malformed('refers to what is not defined')
    const [, entity, decimal, hex] = found
    if (entity !== undefined) return ENTITIES[entity] as string
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
    const isSurrogate = code >= 0xd800 && code < 0xe000
    const character = code <= 0x10ffff && !isSurrogate ? String.fromCodePoint(code) : '\0'
    if (NO_CHARACTER.test(character)) throw malformed('refers to a character that XML has not')
    return character
  }

  #attributes(): (RawName & { value: string })[] {
    const found: (RawName & { value: string })[] = []
    while (this.#take(SPACE) !== null && !/[/>]/.test(this.#text[this.#at] ?? '>')) {
      if (found.length >= MOST_ATTRIBUTES) throw new HoltError('TOO_LARGE', 'the XML has too many attributes')
      const name = this.#name()
      this.#take(SPACE)
      this.#need('=')
      this.#take(SPACE)
      found.push({ ...name, value: this.#value() })
    }
    return found
  }

  #value(): string {
    const quote = this.#text[this.#at] ?? ''
    if (quote !== '"' && quote !== "'") throw malformed('has an attribute without quotes')
    this.#at++
    const part = quote === '"' ? /[^<&"]+/y : /[^<&']+/y
    let value = ''
    while (!this.#takeText(quote)) {
      const plain = this.#take(part)
      value += plain === null ? this.#reference() : plain[0].replace(/\r\n|[\t\r\n]/g, ' ')
    }
    return value
  }
}

function isDeclaration({ prefix, local }: RawName): boolean {
  return prefix === 'xmlns' || (prefix === '' && local === 'xmlns')
}

function declared(outer: Prefixes, attributes: readonly (RawName & { value: string })[]): Prefixes {
  const declarations = attributes.filter(isDeclaration)
  if (declarations.length === 0) return outer
  const prefixes = new Map(outer)
  for (const { prefix, local, value } of declarations) {
    const name = prefix === '' ? '' : local
    const isOdd = name === 'xmlns' || (name === 'xml') !== (value === XML) || value === XMLNS || (name !== '' && value === '')
    if (isOdd) throw malformed('declares a namespace as none can be')
    prefixes.set(name, value)
  }
  return prefixes
}

function namespaceOf(prefixes: Prefixes, { prefix }: RawName): string {
  const namespace = prefixes.get(prefix)
  if (namespace === undefined) throw malformed('has a prefix that is not declared')
  return namespace
}

function attributesOf(prefixes: Prefixes, raw: readonly (RawName & { value: string })[]): XmlAttribute[] {
  const seen = new Set<string>()
  return raw.flatMap((one) => {
    const namespace = one.prefix === '' ? '' : one.prefix === 'xmlns' ? XMLNS : namespaceOf(prefixes, one)
    const key = `${namespace} ${one.local}`
    if (seen.has(key)) throw malformed('has an attribute twice')
    seen.add(key)
    return isDeclaration(one) ? [] : [{ namespace, name: one.local, value: one.value }]
  })
}
