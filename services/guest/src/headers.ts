export type HeadersInput = Headers | Record<string, string> | readonly (readonly [string, string])[]

const namePattern = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

function checkedName(name: string): string {
  const lower = name.toLowerCase()
  if (!namePattern.test(lower)) throw new TypeError(`'${name}' is no name of a header`)
  return lower
}

function checkedValue(value: string): string {
  const text = String(value).trim()
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0 || unit === 10 || unit === 13 || unit > 0xff) throw new TypeError('the value of a header holds what none may hold')
  }
  return text
}

/** As on the web; several of one name are joined by commas, but for `set-cookie`. */
export class Headers {
  readonly #values = new Map<string, string[]>()

  constructor(init?: HeadersInput) {
    if (init === undefined) return
    const pairs = init instanceof Headers || Array.isArray(init) ? (init as Iterable<readonly [string, string]>) : Object.entries(init)
    for (const [name, value] of pairs) this.append(name, value)
  }

  append(name: string, value: string): void {
    const key = checkedName(name)
    this.#values.set(key, [...(this.#values.get(key) ?? []), checkedValue(value)])
  }

  set(name: string, value: string): void {
    this.#values.set(checkedName(name), [checkedValue(value)])
  }

  get(name: string): string | null {
    return this.#values.get(checkedName(name))?.join(', ') ?? null
  }

  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])]
  }

  has(name: string): boolean {
    return this.#values.has(checkedName(name))
  }

  delete(name: string): void {
    this.#values.delete(checkedName(name))
  }

  forEach(each: (value: string, name: string) => void): void {
    for (const [name, value] of this) each(value, name)
  }

  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.#values.keys()].sort()) {
      const values = this.#values.get(name) as string[]
      if (name === 'set-cookie') for (const value of values) yield [name, value]
      else yield [name, values.join(', ')]
    }
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }
}
