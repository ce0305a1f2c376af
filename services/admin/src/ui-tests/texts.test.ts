import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { bytesText, countText, dateText, durationText, percentText } from '../ui/format.ts'
import { languages, preferredLanguage } from '../ui/texts/language.ts'
import { en } from '../ui/texts/en/index.ts'
import { setTexts, texts } from '../ui/texts/texts.ts'

after(() => setTexts(en))

const folder = fileURLToPath(new URL('../ui/', import.meta.url))
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, source: readFileSync(folder + path, 'utf8') }))
const components = sources.filter(({ path }) => !path.startsWith('texts/'))

type Leaf = [path: string, text: unknown]

function leaves(value: unknown, path = ''): Leaf[] {
  if (value === null || typeof value !== 'object') return [[path, value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
}

/** Names, and words that are the same in German. */
const alike = new Set(
  '↑ ↓ ← →|Esc|F2|/|?|Passkeys|Holt|OK|Box|System|Name|Code|Port|SSH|Version|Internet|VLAN|Gateway|TCP|UDP|Standard|Kernel|Node.js|Zone|Band|Computer|/mnt/disk1/holt|holt-authority.crt|en|iPhone, iPad|Android|Windows|macOS|Firefox, Linux|KB|MB|GB|TB|PB'.split(
    '|',
  ),
)

for (const tag of Object.keys(languages).filter((tag) => tag !== 'en') as (keyof typeof languages)[]) {
  test(`${tag} says all that English says, in its own words`, async () => {
    const other = new Map(leaves(await languages[tag].load()))
    assert.deepEqual(
      [...other.keys()].sort(),
      leaves(en)
        .map(([path]) => path)
        .sort(),
    )
    const untranslated: string[] = []
    for (const [path, text] of leaves(en)) {
      const translated = other.get(path)
      assert.equal(typeof translated, typeof text, path)
      if (typeof text === 'function') assert.equal((translated as { length: number }).length, text.length, path)
      if (typeof text !== 'string') continue
      assert.notEqual(String(translated).trim(), '', path)
      if (translated === text && !alike.has(text)) untranslated.push(`${path}: ${text}`)
    }
    assert.deepEqual(untranslated, [])
  })
}

test('numbers, sizes, dates and spans are written as the language does', async () => {
  const now = new Date(2026, 2, 3, 15, 0)
  const written = (): string[] => [
    bytesText(1_234_000),
    bytesText(1),
    countText(12_345, 'x', 'y'),
    durationText(600),
    percentText(1, 2),
    dateText(new Date(2026, 2, 3, 14, 5).getTime() / 1000, now),
    dateText(new Date(2021, 2, 9).getTime() / 1000, now),
  ]
  setTexts(en)
  assert.deepEqual(written(), ['1.2 MB', '1 byte', '12,345 y', '10 minutes', '50 %', 'today, 14:05', '9 Mar 2021'])
  setTexts(await languages.de.load())
  assert.equal(texts.common.cancel, 'Abbrechen')
  assert.deepEqual(written(), ['1,2 MB', '1 Byte', '12.345 y', '10 Minuten', '50 %', 'heute, 14:05', '9. März 2021'])
  setTexts(en)
})

test('the language is the one chosen here, else the first of the browser that the page speaks', () => {
  assert.equal(preferredLanguage(['fr-CA', 'de-AT', 'en'], null), 'de')
  assert.equal(preferredLanguage(['fr', 'ja'], null), 'en')
  assert.equal(preferredLanguage(['de'], 'en'), 'en')
  assert.equal(preferredLanguage(['de'], 'constructor'), 'de')
  assert.equal(preferredLanguage([], null), 'en')
})

test('no text is kept from one language to the next', () => {
  for (const { path, source } of components)
    for (const [line] of source.matchAll(/^(export )?(const|let)\b[^=\n]*=(?!.*=>).*\btexts\b.*$/gm)) assert.fail(`${path}: ${line}`)
})

type Tree = { type: string; [field: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && 'type' in value
const shown = new Set(['aria-label', 'aria-description', 'title', 'label', 'hint', 'placeholder', 'alt', 'text', 'button'])

/** Words a person would see that stand in the code: between tags, in attributes that are shown or read out, in toasts. */
function visibleTexts(source: string, lang: 'ts' | 'tsx' = 'tsx'): string[] {
  const found: string[] = []
  const keep = (text: unknown): void => {
    if (typeof text === 'string' && /\p{L}/u.test(text)) found.push(text.trim())
  }
  /** What an expression may become, not what it looks at. */
  const result = (node: unknown): void => {
    if (!isTree(node)) return
    if (node.type === 'Literal') keep(node['value'])
    if (node.type === 'TemplateLiteral') for (const part of node['quasis'] as { value: { cooked: string } }[]) keep(part.value.cooked)
    if (node.type === 'JSXExpressionContainer') result(node['expression'])
    if (node.type === 'ConditionalExpression' || node.type === 'LogicalExpression')
      for (const branch of ['consequent', 'alternate', 'left', 'right']) result(node[branch])
  }
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (!isTree(node)) return
    if (node.type === 'JSXText') keep(node['value'])
    // what is typed at a command line is the same in every language
    if (node.type === 'JSXElement' && ((node['openingElement'] as Tree)['name'] as Tree)['name'] === 'code') return
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') (node['children'] as unknown[]).forEach(result)
    if (node.type === 'JSXAttribute' && shown.has(String((node['name'] as Tree)['name']))) result(node['value'])
    if (node.type === 'CallExpression' && (node['callee'] as Tree)['name'] === 'toast') result((node['arguments'] as unknown[])[1])
    Object.values(node).forEach(visit)
  }
  visit(parseAst(source, { lang }))
  return found
}

test('finds words that stand in the code', () => {
  assert.deepEqual(visibleTexts('const a = <p class="x">Hello there</p>'), ['Hello there'])
  assert.deepEqual(visibleTexts('const a = <a href={x}>\n  Go on {name}</a>'), ['Go on'])
  assert.deepEqual(visibleTexts('const a = <p>{many ? `some things` : "none"}</p>'), ['some things', 'none'])
  assert.deepEqual(visibleTexts('const a = <Field label="Name" class="wide" />'), ['Name'])
  assert.deepEqual(visibleTexts("toast('done', 'Gone')"), ['Gone'])
  assert.deepEqual(visibleTexts('const a = <p>{texts.a.b} · 3</p>'), [])
})

test('every word that is seen stands in the catalogues', () => {
  assert.ok(components.length > 50)
  const found = components.flatMap(({ path, source }) =>
    visibleTexts(source, path.endsWith('x') ? 'tsx' : 'ts').map((text) => `${path}: ${text}`),
  )
  assert.deepEqual(found, [])
})
