import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'

/** The boards there are: folders of image/board with a board.json. */
export function boards() {
  const folder = join(root, 'image/board')
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'board.json')))
}

/** What a board says of itself: `arch`, `console`, `loader`, `partition`. */
export function boardOf(name) {
  return JSON.parse(readFileSync(join(root, 'image/board', name, 'board.json'), 'utf8'))
}

/** The fragments of a board's configuration, base first, as paths in the checkout. */
export function fragmentsOf(board) {
  return ['buildroot.config', `image/board/${board}/buildroot.config`]
}

/**
 * The settings of one Kconfig fragment in order: `{ symbol, value, line }`, value null for `# SYMBOL is not set`.
 *
 * @throws Error with file and line for anything that is no setting, no comment and not empty.
 */
export function readFragment(path) {
  const settings = []
  for (const [i, text] of readFileSync(join(root, path), 'utf8').split('\n').entries()) {
    const set = /^((?:BR2|CONFIG)_[A-Za-z0-9_]+)=(y|m|n|-?\d+|0x[0-9a-f]+|".*")$/.exec(text)
    const unset = /^# ((?:BR2|CONFIG)_[A-Za-z0-9_]+) is not set$/.exec(text)
    if (set) settings.push({ symbol: set[1], value: set[2], line: i + 1 })
    else if (unset) settings.push({ symbol: unset[1], value: null, line: i + 1 })
    else if (text !== '' && !text.startsWith('#')) throw new Error(`${path}:${i + 1}: not a setting: ${text}`)
  }
  return settings
}

/**
 * Joins fragments as the kernel's merge_config.sh does: the last value of a symbol holds.
 *
 * @returns `{ settings: Map symbol → value, overridden: [{ symbol, path, line }] }`, the second for values that change another.
 */
export function joinFragments(paths) {
  const settings = new Map()
  const overridden = []
  for (const path of paths) {
    for (const { symbol, value, line } of readFragment(path)) {
      if (settings.has(symbol) && settings.get(symbol) !== value) overridden.push({ symbol, path, line })
      settings.delete(symbol)
      settings.set(symbol, value)
    }
  }
  return { settings, overridden }
}

/** Settings as the text of a defconfig. */
export function defconfigText(settings) {
  return [...settings].map(([symbol, value]) => (value === null ? `# ${symbol} is not set\n` : `${symbol}=${value}\n`)).join('')
}
