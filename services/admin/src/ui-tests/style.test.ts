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
