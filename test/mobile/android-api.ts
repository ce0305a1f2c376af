import { readFileSync } from 'node:fs'
import type { Field, Method } from './dex.ts'

/** In the list's own words for types. */
interface Listed {
  name: string
  parameters: readonly string[]
  /** What a method gives, or a field is. */
  type: string
}

interface ApiClass {
  above: string[]
  methods: Listed[]
  fields: Listed[]
}

/**
 * What an Android of one level offers, as declarations for TypeScript that NativeScript made from Android's own android.jar: what they cannot tell apart
 * (int and long, the types within `List<…>`, and some classes that they call `any`), nobody can here.
 */
export class AndroidApi {
  readonly #classes = new Map<string, ApiClass>()

  /** @param other for the classes of which the first says nothing, since android.jar has them elsewhere since then. */
  constructor(path: string, other: { path: string; package: string } | null = null) {
    this.#read(path, '')
    if (other !== null) this.#read(other.path, other.package)
  }

  #read(path: string, inPackage: string): void {
    const open: string[] = []
    let current: ApiClass | null = null
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const text = line.trim()
      const [, module] = /^(?:declare|export) module ([\w$.]+) \{/.exec(text) ?? []
      const [, name] = /^export (?:abstract )?(?:class|interface) (\w+)/.exec(text) ?? []
      if (module !== undefined) open.push(module)
      else if (name !== undefined && text.endsWith('{')) {
        const above = [...text.replace(/<[^<>]*(?:<[^<>]*>[^<>]*)*>/g, '').matchAll(/\b(?:android|java|javax|org|dalvik)\.[\w.]+/g)]
        open.push(name)
        current = open.join('.').startsWith(inPackage) ? this.#classOf(open.join('.')) : null
        current?.above.push(...above.map(([one]) => one))
      } else if (text === '}') {
        open.pop()
        current = open.join('.').startsWith(inPackage) ? (this.#classes.get(open.join('.')) ?? null) : null
      } else if (current !== null) take(current, text)
    }
  }

  #classOf(name: string): ApiClass {
    const known = this.#classes.get(name) ?? { above: [], methods: [], fields: [] }
    this.#classes.set(name, known)
    return known
  }

  get size(): number {
    return this.#classes.size
  }

  has(owner: string): boolean {
    return this.#classes.has(javaName(owner))
  }

  hasMethod(owner: string, { name, parameters, returns }: Method): boolean {
    return this.#find(javaName(owner), ({ methods }) =>
      methods.some(
        (one) =>
          one.name === name &&
          one.parameters.length === parameters.length &&
          parameters.every((type, i) => fits(type, one.parameters[i] as string)) &&
          (name === '<init>' || fits(returns, one.type)),
      ),
    )
  }

  /** Some method of that name. */
  hasNamed(owner: string, name: string): boolean {
    return this.#find(javaName(owner), ({ methods }) => methods.some((one) => one.name === name))
  }

  hasField(owner: string, { name, type }: Field): boolean {
    return this.#find(javaName(owner), ({ fields }) => fields.some((one) => one.name === name && fits(type, one.type)))
  }

  /** In the class or what it inherits from. */
  #find(name: string, matches: (one: ApiClass) => boolean): boolean {
    const one = this.#classes.get(name)
    if (one === undefined) return false
    const above = name === 'java.lang.Object' ? [] : [...one.above, 'java.lang.Object']
    return matches(one) || above.some((other) => this.#find(other, matches))
  }
}

function take({ methods, fields }: ApiClass, text: string): void {
  const plain = withoutGenerics(text)
  const [, method, parameters = '', returned = ''] =
    /^(?:public |protected |abstract |static )*(\w+)\((.*)\)(?:: (.*))?;$/.exec(plain) ?? []
  const [, field, type = ''] = /^(?:public |protected |static )*(\w+): (.*);$/.exec(plain) ?? []
  if (method !== undefined) {
    const types = parameters === '' ? [] : parameters.split(', ').map((one) => one.replace(/^\w+: /, ''))
    methods.push({ name: method === 'constructor' ? '<init>' : method, parameters: types, type: returned })
  } else if (field !== undefined) fields.push({ name: field, parameters: [], type })
}

/** `List<A>` is `List`; of arrays it is left what they are of. */
function withoutGenerics(text: string): string {
  let plain = text.replaceAll('androidNative.Array<', '[<')
  for (let before = ''; before !== plain; ) {
    before = plain
    plain = plain.replace(/(?<!\[)<[^<>]*>/g, '').replace(/\[<([^<>]*)>/g, '[$1')
  }
  return plain
}

function javaName(type: string): string {
  return type.slice(1, -1).replaceAll(/[/$]/g, '.')
}

const words: Record<string, string> = { V: 'void', Z: 'boolean', C: 'string' }
const classWords: Record<string, string> = {
  'java.lang.String': 'string',
  'java.lang.CharSequence': 'string',
  'java.lang.Object': 'any',
}

/** @param word of the list; `any` and the letters of type parameters are any class. */
function fits(type: string, word: string): boolean {
  const isClass = type.startsWith('L') || type.startsWith('[')
  if (isClass && /^(?:any|[A-Z])$/.test(word)) return true
  if (type.startsWith('[') && word.startsWith('[')) return fits(type.slice(1), word.slice(1))
  return wordFor(type) === word
}

function wordFor(type: string): string {
  if (type.startsWith('[')) return `[${wordFor(type.slice(1))}`
  if (!type.startsWith('L')) return words[type] ?? 'number'
  return classWords[javaName(type)] ?? javaName(type)
}
