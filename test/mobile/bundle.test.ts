import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const { lackingIn } = (await import(new URL('../../scripts/mobile/lacking.mjs', import.meta.url).href)) as {
  lackingIn(text: string): string[]
}

const found = (code: string): number => lackingIn(`// services/core/src/a.ts\n${code}\n`).length

test('the check of the bundle finds what the Node of phones lacks', () => {
  for (const code of [
    'const word = /\\p{L}+/u',
    'const word = new RegExp("\\\\P{ASCII}", "u")',
    'x = Intl.DateTimeFormat()',
    'new TextDecoder("latin1")',
    'const db = require("node:sqlite")',
    'list.toSpliced(1, 1)',
    'Object.groupBy(list, key)',
    'await Array.fromAsync(source)',
    'import.meta.dirname',
    'if (navigator.onLine) go()',
    'date.toLocaleDateString()',
  ])
    assert.equal(found(code), 1, code)
})

test('it leaves alone what only looks so', () => {
  for (const code of [
    '// Intl.DateTimeFormat is not there',
    ' * new TextDecoder("latin1")',
    'new TextDecoder("utf-8", { fatal: true })',
    'const isPage = typeof navigator !== "undefined" && navigator.product',
    'my.Intl.thing()',
  ])
    assert.equal(found(code), 0, code)
})

test('it names the module', () => {
  const text = '// node_modules/a/index.js\nx = 1\n// node_modules/b/index.js\ny = Intl.Collator()\n'
  assert.match(lackingIn(text)[0] as string, /^node_modules\/b\/index\.js \(line 4\) has y = Intl\.Collator/)
})

test('what is shipped has no regular expression with classes of Unicode', () => {
  for (const name of ['holt.cjs', 'worker.cjs']) {
    const text = readFileSync(new URL(`../../build/mobile/bundle/${name}`, import.meta.url), 'utf8')
    // glob's table of POSIX classes is text that is never made an expression
    const rest = text.replace(/\{"\[:alnum:\]":.*?"\[:xdigit:\]":\[[^\]]*\]\}/s, '')
    assert.equal(/\\[pP]\{/.exec(rest)?.input.slice(0, 0), undefined)
  }
})
