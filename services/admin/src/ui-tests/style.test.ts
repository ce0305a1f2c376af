import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('what a class looks like stands in one file, so that no page changes the parts of another', () => {
  const folder = new URL('../ui/style/', import.meta.url)
  const files = readdirSync(folder).map((file) => ({ file, selectors: selectorsOf(readFileSync(new URL(file, folder), 'utf8')) }))
  const owners = new Map<string, string>()
  for (const { file, selectors } of files)
    for (const selector of selectors.filter((selector) => /^\.[\w-]+$/.test(selector))) {
      assert.equal(owners.get(selector) ?? file, file, `${selector} is styled in two files`)
      owners.set(selector, file)
    }
  assert.ok(owners.size > 100)
  for (const { file, selectors } of files)
    for (const selector of selectors) {
      const owning = (selector.startsWith('.') ? (selector.match(/\.[a-z][\w-]*/g) ?? []) : []).map((name) => owners.get(name) ?? file)
      assert.ok(owning.length === 0 || owning.includes(file), `${selector} in ${file} is about a class of ${owning.join()}`)
    }
})

function selectorsOf(css: string): string[] {
  const rules = css.replace(/\/\*.*?\*\//gs, '').matchAll(/([^{}]+)\{/g)
  return [...rules].flatMap(([, head]) => (head as string).split(',').map((selector) => selector.trim()))
}

test('every style is by where a line begins and ends, so that the page can be read from the right', () => {
  const folder = new URL('../ui/style/', import.meta.url)
  for (const file of readdirSync(folder)) {
    const css = readFileSync(new URL(file, folder), 'utf8').replace(/\/\*.*?\*\//gs, '')
    for (const [declaration, property, value] of css.matchAll(/([\w-]+):\s*([^;{}]+);/g) as Iterable<
      RegExpExecArray & [string, string, string]
    >) {
      assert.doesNotMatch(property, /(^|-)(left|right)(-|$)/, `${file}: ${declaration}`)
      assert.doesNotMatch(value, /(^|\s)(left|right)(\s|$)/, `${file}: ${declaration}`)
      const sides = /^(margin|padding|inset|border-(width|color|style))$/.test(property) ? partsOf(value) : []
      assert.ok(sides.length < 4 || sides[1] === sides[3], `${file}: ${declaration}`)
      const corners = property === 'border-radius' ? partsOf(value) : []
      assert.ok(corners.length < 2, `${file}: ${declaration}`)
    }
  }
})

/** The values of a shorthand; what stands in brackets is one of them. */
function partsOf(value: string): string[] {
  let flat = value
  while (flat.includes('(')) flat = flat.replace(/[\w-]*\([^()]*\)/g, (inner) => inner.replace(/[\s()]/g, '_'))
  return flat.trim().split(/\s+/)
}
