import { type XmlElement, XML } from './element.ts'

/** All but what XML 1.0 has a place for. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
}

/** Names of files may hold what XML cannot. */
export function escapeText(text: string): string {
  return text.replace(NO_CHARACTER, '\ufffd').replace(/[&<>\r]/g, (character) => ESCAPES[character] as string)
}

function escapeValue(text: string): string {
  return text.replace(NO_CHARACTER, '\ufffd').replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] as string)
}

/** @param around the default namespace where it is written. */
export function writeElement({ namespace, name, attributes, children }: XmlElement, around: string): string {
  const own = namespace === around ? '' : ` xmlns="${escapeValue(namespace)}"`
  const others = attributes.map((attribute, i) => {
    const value = escapeValue(attribute.value)
    if (attribute.namespace === '') return ` ${attribute.name}="${value}"`
    if (attribute.namespace === XML) return ` xml:${attribute.name}="${value}"`
    return ` xmlns:n${i}="${escapeValue(attribute.namespace)}" n${i}:${attribute.name}="${value}"`
  })
  const head = `<${name}${own}${others.join('')}`
  if (children.length === 0) return `${head}/>`
  const content = children.map((child) => (typeof child === 'string' ? escapeText(child) : writeElement(child, namespace)))
  return `${head}>${content.join('')}</${name}>`
}
