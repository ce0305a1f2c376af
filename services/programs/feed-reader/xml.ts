/** An element: what its name, its attributes and its text are, and what is in it. Prefixes of names are left out. */
export interface Element {
  name: string
  attributes: Readonly<Record<string, string>>
  children: Element[]
  /** All text in it and below. */
  text: string
}

const DEEPEST = 100
const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![A-Za-z][^>]*>|<(\/?)([A-Za-z_][\w:.-]*)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>|([^<]+)|</g
const attribute = /([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * As much of XML as feeds need, of strangers: what does not fit is passed over, an end without a beginning too. No entities are known but those that
 * every reader knows, so nothing grows.
 */
export function readXml(source: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const say = (text: string): void => {
    for (const element of open) element.text += text
  }
  for (const [whole, data, end, name = '', inside = '', closed, text] of source.matchAll(token)) {
    if (data !== undefined) say(data)
    else if (text !== undefined) say(plainText(text))
    else if (end === '/') close(open, localName(name))
    else if (whole.startsWith('<') && name !== '') {
      const element: Element = { name: localName(name), attributes: attributesOf(inside), children: [], text: '' }
      ;(open.at(-1) as Element).children.push(element)
      if (closed !== '/' && open.length < DEEPEST) open.push(element)
    }
  }
  return root
}

/** The first element of this name in it, at any depth. */
export function find({ children }: Element, name: string): Element | null {
  for (const child of children) {
    const found = child.name === name ? child : find(child, name)
    if (found !== null) return found
  }
  return null
}

export function childCalled({ children }: Element, ...names: string[]): Element | null {
  for (const name of names) {
    const found = children.find((child) => child.name === name)
    if (found !== undefined) return found
  }
  return null
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

export function plainText(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

function close(open: Element[], name: string): void {
  const at = open.map((element) => element.name).lastIndexOf(name)
  if (at > 0) open.length = at
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase()
}

function attributesOf(inside: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', double, single] of inside.matchAll(attribute)) found[localName(name)] = plainText(double ?? single ?? '')
  return found
}
