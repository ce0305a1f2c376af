import { posix } from 'node:path'
import { codeOf, importsOf, type SourceFile } from './source-text.ts'

/** Lowest first: each may import those before it and no others. One story per layer, and any can be replaced from above. */
const layers = ['core', 'store', 'tree', 'network', 'ledger', 'sandbox', 'kernel', 'node']

/** These run on a laptop, a phone without ICU, in a browser tab and on Deno: whatever a platform has comes in by interfaces. */
const portable = new Set([...layers.slice(0, layers.indexOf('node')), 'guest'])

/** What stands beside the layers may import these of ours. */
const besideLayers: Record<string, readonly string[]> = {
  control: ['core'], // a client needs the schemas, never the layers
  admin: ['core', 'control'], // edges talk to a node as any client does: no way in that others lack
  visitor: ['core', 'store', 'tree', 'admin'], // opens what a node cannot: it reads the tree itself, and looks like the page
  cli: ['core', 'control'],
  fuse: ['core', 'control'],
  appliance: ['core', 'control'], // a helper with all rights shares as little as can be with what it serves
  guest: [], // programs come without us
  programs: ['guest'], // a program has what it was handed, nothing else
}

/** Entries and test code put everything together. */
const joinsEverything = new Set(['daemon', 'mobile', 'test'])

function mayImport(from: string, to: string): boolean {
  if (from === to || joinsEverything.has(from)) return true
  const level = layers.indexOf(from)
  // the node answers the calls that control describes
  if (from === 'node' && to === 'control') return true
  if (level >= 0) return layers.slice(0, level).includes(to)
  // the platform gives the layers what they ask for, and its worker threads run their jobs
  if (from.startsWith('platform-')) return ['core', 'store', 'tree', 'network', 'sandbox'].includes(to)
  return besideLayers[from]?.includes(to) ?? false
}

/**
 * Names a portable file must not reach for, each with what lacks it. `tsconfig.portable.json` finds those that Web workers lack as well,
 * and alone can tell `window` from a variable.
 */
const platformNames: readonly (readonly [RegExp, string])[] = [
  [/(?<![.\w$#])(?:Buffer|process|require|__dirname|__filename)(?=\s*[.([])/, 'browsers and Deno lack it'],
  [/(?<![.\w$#])(?:localStorage|sessionStorage|indexedDB|navigator|XMLHttpRequest|postMessage|importScripts)(?=\s*[.([])/, 'Node lacks it'],
  [/(?<![.\w$#])Intl(?=\s*\.)|\.(?:localeCompare|toLocale\w+)\s*\(/, 'Node on phones is built without ICU'],
  [
    /\.(?:toSorted|toReversed|toSpliced|findLast|findLastIndex|groupBy)\s*\(|\bPromise\.withResolvers\b|\bArray\.fromAsync\b/,
    'Node 18 lacks some of these',
  ],
]
/** Looked for inside texts and regular expressions too. */
const platformTexts: readonly (readonly [RegExp, string])[] = [
  [/\\p\{/i, 'Unicode property classes need ICU'],
  [/new TextDecoder\(\s*['"`](?!utf-?8['"`])/, 'without ICU only UTF-8 is decoded'],
  [/new TextDecoder\([^)]*fatal/, 'without ICU a fatal decoder throws when it is made'],
]

/** The workspace a file is in ('programs' for any program, 'test' for the tests above all workspaces). */
export function workspaceOf(path: string): string {
  const parts = path.split('/')
  return parts[0] === 'services' ? (parts[1] as string) : (parts[0] as string)
}

/** Tests, and what only they use (`…-world.ts` builds what they run in), may use what their machine has. */
function isTest(path: string): boolean {
  return /\.test\.tsx?$|-world\.ts$|\/testing\//.test(path) || workspaceOf(path) === 'test'
}

/** Tools that only run from the sources: settings of the bundler and the like. */
function isTool(path: string): boolean {
  return path.endsWith('.mjs') || !/^services\/[^/]+\/src\//.test(path)
}

/** The workspace of ours that an import reaches, or null for a package of others or a file of the same workspace. */
function reaches(file: SourceFile, specifier: string): string | null {
  const scoped = /^@holt\/([^/]+)/.exec(specifier)
  if (scoped !== null) return scoped[1] as string
  if (!specifier.startsWith('.')) return null
  const target = posix.join(posix.dirname(file.path), specifier)
  return target.startsWith('services/') ? workspaceOf(target) : null
}

/** The package that an import of others' code names; null for ours and for Node's own modules. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || specifier.startsWith('@holt/')) return null
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string)
}

/**
 * @param declared the packages that each workspace's package.json names.
 * @returns a line for each broken rule.
 */
export function brokenRules(file: SourceFile, declared: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const from = workspaceOf(file.path)
  const broken: string[] = []
  for (const specifier of importsOf(file.text)) {
    const to = reaches(file, specifier)
    // a test may bring a platform to stand on, never a layer above
    const allowed = to === null || mayImport(from, to) || (isTest(file.path) && to.startsWith('platform-'))
    if (!allowed) broken.push(`${file.path}: ${from} must not import ${to} (${specifier})`)
    if (to !== null && to !== from && specifier.startsWith('.'))
      broken.push(`${file.path}: name other workspaces as @holt/…, not ${specifier}`)
    if (isTest(file.path)) continue
    if (isTest(specifier.replace(/^@holt\//, 'services/'))) broken.push(`${file.path}: ${specifier} is for tests only`)
    if (portable.has(from) && specifier.startsWith('node:'))
      broken.push(`${file.path}: ${from} must run without Node, yet imports ${specifier}`)
    const name = packageOf(specifier)
    if (name !== null && !isTool(file.path) && !declared.get(from)?.has(name))
      broken.push(`${file.path}: ${name} is not in the package.json of ${from}`)
  }
  if (portable.has(from) && !isTest(file.path)) broken.push(...platformUses(file))
  return broken
}

function platformUses(file: SourceFile): string[] {
  const code = codeOf(file.text, { keepTexts: false })
  const withTexts = codeOf(file.text, { keepTexts: true })
  const uses = [...platformNames.map((rule) => [code, ...rule] as const), ...platformTexts.map((rule) => [withTexts, ...rule] as const)]
  return uses.flatMap(([text, pattern, why]) => {
    const match = pattern.exec(text)
    return match === null ? [] : [`${file.path}: uses ${match[0]}: ${why}`]
  })
}
