import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'

export const SYMBOL_LIST = 'image/symbols.txt'

/** Every symbol that the Kconfig files below a folder define, sorted. */
export function symbolsDefinedIn(folder) {
  const found = new Set()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^Config(\..*)?\.in(\.|$)/.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8')
    for (const [, symbol] of text.matchAll(/^[ \t]*(?:menu)?config[ \t]+(BR2_\w+)/gm)) found.add(symbol)
  }
  return [...found].sort((x, y) => (x < y ? -1 : 1))
}

/** The list as it is committed: what it is of, then one name a line without `BR2_`. */
export function symbolListText(symbols, { version, commit }) {
  const head = `# Every configuration symbol that Buildroot ${version} (commit ${commit}) defines, without BR2_.\n# Generated: BUILDROOT_DIR=… npm run image -- --symbols\n`
  return `${head}${symbols.map((symbol) => `${symbol.slice('BR2_'.length)}\n`).join('')}`
}

/** The symbols of the pinned Buildroot and of our own external tree. */
export function knownSymbols() {
  const lines = readFileSync(join(root, SYMBOL_LIST), 'utf8').split('\n')
  const pinned = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => `BR2_${line}`)
  return new Set([...pinned, ...symbolsDefinedIn(join(root, 'image/package'))])
}
