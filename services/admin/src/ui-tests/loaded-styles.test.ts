import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Pages come to the browser one by one, with the styles they ask for themselves. */

const folder = fileURLToPath(new URL('../ui/', import.meta.url))
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

/** What a file brings with it at once; what it loads later is not part of it. */
function reachedFrom(start: string, found = new Set<string>()): Set<string> {
  if (found.has(start)) return found
  found.add(start)
  if (start.endsWith('.css')) return found
  for (const [, target] of read(start).matchAll(/^import (?!type)(?:[^'"]* from )?'(\.[^']+)'/gm))
    if (!target?.includes('?')) reachedFrom(join(dirname(start), target as string), found) // a worker shows nothing
  return found
}

const owners = new Map(
  readdirSync(join(folder, 'style')).flatMap((file) =>
    [...read(`style/${file}`).matchAll(/(?:^|,\s*)\.([a-z][\w-]*)(?=[\s,{:.[>])/gm)].map(
      ([, name]) => [name as string, `style/${file}`] as const,
    ),
  ),
)

function classesOf(source: string): string[] {
  const attributes = [...source.matchAll(/\b(?:class|buttonClass)=(?:"([^"]*)"|\{([^}]*)\})/g)]
  return attributes.flatMap(([, plain, computed]) => {
    const texts =
      plain === undefined ? [...(computed as string).matchAll(/['"`]([^'"`]*)['"`]/g)].map(([, text]) => text as string) : [plain]
    return texts.flatMap((text) => text.replace(/\$\{?\w*/g, ' ').split(/\s+/)).filter((name) => owners.has(name))
  })
}

const always = reachedFrom('main.tsx')
const later = [...read('pages.ts').matchAll(/import\('\.\/([^']+)'\)/g)].map(([, path]) => path as string)

test('every page brings the styles of all it shows', () => {
  assert.ok(later.length >= 7)
  const missing = new Set<string>()
  for (const page of ['main.tsx', ...later]) {
    const mine = reachedFrom(page)
    for (const path of mine) {
      if (!path.endsWith('.tsx')) continue
      for (const name of classesOf(read(path))) {
        const owner = owners.get(name) as string
        if (!mine.has(owner) && !always.has(owner)) missing.add(`${path} on ${page} has the class ${name} of ${owner}`)
      }
    }
  }
  assert.deepEqual([...missing], [])
})
