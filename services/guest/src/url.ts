/** Addresses of http and https, as programs need them; the node has made those of requests regular before. */

const urlPattern = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/?#:@\s\\]+)(?::(\d{1,5}))?(\/[^?#]*)?(\?[^#]*)?(#.*)?$/i
const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

export class URL {
  readonly protocol: string
  readonly hostname: string
  readonly port: string
  readonly pathname: string
  readonly search: string
  readonly hash: string
  readonly searchParams: URLSearchParams

  constructor(text: string, base?: string | URL) {
    const match = urlPattern.exec(String(text).trim()) ?? (base === undefined ? null : urlPattern.exec(resolved(String(text).trim(), base)))
    if (match === null) throw new TypeError(`'${text}' is no address of http or https`)
    const [, scheme = '', host = '', port = '', path = '/', search = '', hash = ''] = match
    this.protocol = `${scheme.toLowerCase()}:`
    this.hostname = host.toLowerCase()
    this.port = port === defaultPorts[this.protocol] ? '' : port
    this.pathname = escaped(withoutDots(path))
    this.search = search === '?' ? '' : escaped(search)
    this.hash = hash === '#' ? '' : escaped(hash)
    this.searchParams = new URLSearchParams(search)
  }

  static canParse(text: string, base?: string | URL): boolean {
    try {
      return new URL(text, base) instanceof URL
    } catch {
      return false
    }
  }

  get host(): string {
    return this.port === '' ? this.hostname : `${this.hostname}:${this.port}`
  }

  get origin(): string {
    return `${this.protocol}//${this.host}`
  }

  get href(): string {
    return `${this.origin}${this.pathname}${this.search}${this.hash}`
  }

  toString(): string {
    return this.href
  }

  toJSON(): string {
    return this.href
  }
}

function resolved(text: string, base: string | URL): string {
  const from = typeof base === 'string' ? new URL(base) : base
  if (text.startsWith('//')) return `${from.protocol}${text}`
  if (text.startsWith('/')) return `${from.origin}${text}`
  if (text.startsWith('?')) return `${from.origin}${from.pathname}${text}`
  if (text.startsWith('#')) return `${from.origin}${from.pathname}${from.search}${text}`
  if (text === '') return `${from.origin}${from.pathname}${from.search}`
  return `${from.origin}${from.pathname.slice(0, from.pathname.lastIndexOf('/') + 1)}${text}`
}

function withoutDots(path: string): string {
  const names: string[] = []
  const parts = path.split('/').slice(1)
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1
    if (part === '..') names.pop()
    else if (part !== '.') names.push(part)
    if (isLast && (part === '..' || part === '.')) names.push('')
  })
  return `/${names.join('/')}`
}

/** What may not stand in an address is written as %XX; what is escaped already stays. */
function escaped(text: string): string {
  return text.replace(/[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e|]/gu, (letter) =>
    encodeURIComponent(letter).replaceAll("'", '%27'),
  )
}

/** The part behind `?`, and the body of a simple form. */
export class URLSearchParams {
  #pairs: [string, string][] = []

  constructor(init: string | Record<string, string> | readonly (readonly [string, string])[] = '') {
    if (typeof init !== 'string') {
      for (const [name, value] of Array.isArray(init) ? init : Object.entries(init)) this.append(name, value)
      return
    }
    for (const pair of init.replace(/^\?/, '').split('&')) {
      if (pair === '') continue
      const at = pair.indexOf('=')
      this.append(at < 0 ? plain(pair) : plain(pair.slice(0, at)), at < 0 ? '' : plain(pair.slice(at + 1)))
    }
  }

  append(name: string, value: string): void {
    this.#pairs.push([String(name), String(value)])
  }

  set(name: string, value: string): void {
    const at = this.#pairs.findIndex(([other]) => other === name)
    this.delete(name)
    if (at < 0) this.append(name, value)
    else this.#pairs.splice(at, 0, [name, String(value)])
  }

  get(name: string): string | null {
    return this.#pairs.find(([other]) => other === name)?.[1] ?? null
  }

  getAll(name: string): string[] {
    return this.#pairs.filter(([other]) => other === name).map(([, value]) => value)
  }

  has(name: string): boolean {
    return this.#pairs.some(([other]) => other === name)
  }

  delete(name: string): void {
    this.#pairs = this.#pairs.filter(([other]) => other !== name)
  }

  entries(): IterableIterator<[string, string]> {
    return this.#pairs.map(([name, value]): [string, string] => [name, value])[Symbol.iterator]()
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }

  toString(): string {
    return this.#pairs.map((pair) => pair.map(formEscaped).join('=')).join('&')
  }
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text // as browsers do with a lone %
  }
}

function formEscaped(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
