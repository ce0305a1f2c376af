/** A value of an Android.bp file. */
export type BlueprintValue = string | boolean | number | BlueprintValue[] | { [name: string]: BlueprintValue }

export interface BlueprintModule {
  type: string
  properties: Record<string, BlueprintValue>
}

/**
 * Reads an Android.bp file as far as ours go: modules of literal values, no variables, no selects.
 *
 * @throws Error with the line of what is none, also of what Soong's formatter would have written otherwise: four spaces a level, a comma behind each property.
 */
export function readBlueprint(text: string): BlueprintModule[] {
  const reader = new Reader(text)
  const modules: BlueprintModule[] = []
  while (reader.skipSpace()) modules.push({ type: reader.take(/[a-z_]+/y, 'a module'), properties: reader.map(' {', 1) })
  return modules
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** @returns false at the end. */
  skipSpace(): boolean {
    this.#match(/(?:\s|\/\/[^\n]*\n)*/y)
    return this.#at < this.#text.length
  }

  take(pattern: RegExp, what: string): string {
    return this.#match(pattern) ?? this.#fail(`${what} is expected`)
  }

  map(opening: string, level: number): Record<string, BlueprintValue> {
    this.take(literal(`${opening}\n`), '{ and a new line')
    const found: Record<string, BlueprintValue> = {}
    const indent = ' '.repeat(4 * level)
    while (this.#match(literal(indent)) !== null) {
      const name = this.take(/[a-z0-9_]+/y, 'a property')
      if (name in found) this.#fail(`${name} is there twice`)
      this.take(literal(': '), 'a colon and a space')
      found[name] = this.#value(level)
      this.take(literal(',\n'), 'a comma and a new line')
    }
    this.take(literal(`${' '.repeat(4 * (level - 1))}}`), 'a closing }')
    return found
  }

  #value(level: number): BlueprintValue {
    const text = this.#match(/"(?:[^"\\\n]|\\.)*"/y)
    if (text !== null) return JSON.parse(text) as string
    const word = this.#match(/(?:true|false|\d+)\b/y)
    if (word !== null) return JSON.parse(word) as boolean | number
    if (this.#text[this.#at] === '{') return this.map('{', level + 1)
    if (this.#match(/\[\]/y) !== null) return []
    this.take(/\[/y, 'a value')
    const one = [this.#value(level)]
    while (this.#match(/, /y) !== null) one.push(this.#value(level))
    this.take(/\]/y, 'a closing ]')
    return one
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? null
    this.#at += found?.length ?? 0
    return found
  }

  #fail(what: string): never {
    throw new Error(`line ${this.#text.slice(0, this.#at).split('\n').length}: ${what}`)
  }
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'y')
}
