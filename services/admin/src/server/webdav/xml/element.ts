/** What WebDAV says in bodies, as a tree; without comments, and with namespaces instead of prefixes. */
export interface XmlElement {
  /** '' for none. */
  namespace: string
  name: string
  attributes: readonly XmlAttribute[]
  children: readonly (XmlElement | string)[]
}

export interface XmlAttribute {
  namespace: string
  name: string
  value: string
}

export const DAV = 'DAV:'
export const XML = 'http://www.w3.org/XML/1998/namespace'

export function elementsIn({ children }: XmlElement): XmlElement[] {
  return children.filter((child) => typeof child !== 'string')
}

export function isDavElement(element: XmlElement, name: string): boolean {
  return element.namespace === DAV && element.name === name
}

export function davChild(element: XmlElement, name: string): XmlElement | null {
  return elementsIn(element).find((child) => isDavElement(child, name)) ?? null
}

export function textIn({ children }: XmlElement): string {
  return children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('')
}
