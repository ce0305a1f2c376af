/** What a product's makefile says. */
export interface ProductMakefile {
  /** Of each variable what was given to it, in order. */
  variables: Map<string, string[]>
  inherits: string[]
}

const ASSIGNMENT = /^([A-Z][A-Z0-9_]*) (:=|\+=) ?(.*)$/
const INHERIT = /^\$\(call inherit-product, ([^()\s]+|\$\(SRC_TARGET_DIR\)[^()\s]*)\)$/

/**
 * Reads a makefile of a product as far as ours go: assignments, lists over several lines, other products.
 *
 * @throws Error with the line of anything else, of a list that goes on into nothing, and of what nobody sees: spaces at an end, tabs.
 */
export function readMakefile(text: string): ProductMakefile {
  const found: ProductMakefile = { variables: new Map(), inherits: [] }
  let going: string[] | null = null
  for (const [i, line] of text.split('\n').entries()) {
    const fail = (why: string): never => {
      throw new Error(`line ${i + 1}: ${why}`)
    }
    if (/\t|\s$/.test(line)) fail('a tab, or a space at the end')
    if (going !== null) {
      const item = /^ {4}(\S+)( \\)?$/.exec(line) ?? fail('the list above goes on into nothing')
      going.push(item[1] as string)
      if (item[2] === undefined) going = null
      continue
    }
    if (line === '' || line.startsWith('# ')) continue
    const inherit = INHERIT.exec(line)
    if (inherit !== null) {
      found.inherits.push(inherit[1] as string)
      continue
    }
    const [, name = '', , value = ''] = ASSIGNMENT.exec(line) ?? fail('neither an assignment nor another product')
    const values = found.variables.get(name) ?? []
    found.variables.set(name, values)
    if (value === '\\') going = values
    else if (value === '' || value.endsWith('\\')) fail('a list begins on a line of its own')
    else values.push(value)
  }
  if (going !== null) throw new Error('the last list goes on into nothing')
  return found
}
