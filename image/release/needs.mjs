import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { boards, fragmentsOf, joinFragments, readFragment } from './defconfig.mjs'

/** The table that holds both builders together: `packages` (Debian's name → Buildroot symbols), `kernel` (what for → options). */
export const readNeeds = () => JSON.parse(readFileSync(join(root, 'image/needs.json'), 'utf8'))

const isOn = (value) => value !== undefined && value !== null && value !== 'n' && value !== '""'

/** What the Buildroot side does not bring of the table; empty when both builders have everything. */
export function buildrootProblems(needs = readNeeds()) {
  const problems = []
  for (const board of boards()) {
    const { settings } = joinFragments(fragmentsOf(board))
    for (const [name, symbols] of Object.entries(needs.packages)) {
      if (symbols.length === 0) problems.push(`${name}: no Buildroot symbol stands beside it`)
      for (const symbol of symbols) if (!isOn(settings.get(symbol))) problems.push(`${board}: ${symbol} is off; ${name} needs it`)
    }
    const kernel = kernelSettings(board)
    for (const [what, options] of Object.entries(needs.kernel)) {
      for (const option of options) if (!isOn(kernel.get(option))) problems.push(`${board}: ${option} is off in the kernel; needed for: ${what}`)
    }
  }
  return problems
}

/** The kernel fragments of a board, as paths in the checkout. */
export const kernelFragments = (board) => ['image/board/common/kernel.config', `image/board/${board}/kernel.config`]

/** What a board's kernel fragments set. */
function kernelSettings(board) {
  return new Map(kernelFragments(board).flatMap((path) => readFragment(path).map(({ symbol, value }) => [symbol, value])))
}

/** What a kernel configuration (Debian's /boot/config-…) lacks of the table. */
export function kernelConfigProblems(text, needs = readNeeds()) {
  const on = new Set([...text.matchAll(/^(CONFIG_\w+)=(?!n$)/gm)].map(([, option]) => option))
  return Object.entries(needs.kernel).flatMap(([what, options]) =>
    options.filter((option) => !on.has(option)).map((option) => `${option} is off; needed for: ${what}`),
  )
}

/** Debian packages of the quick image that the table does not name, and the other way round. */
export function packageListProblems(debianPackages, needs = readNeeds()) {
  const listed = new Set(debianPackages.map((name) => name.replace(/^linux-image-.*/, 'linux-image')))
  const known = new Set(Object.keys(needs.packages))
  return [
    ...[...listed].filter((name) => !known.has(name)).map((name) => `${name} is in the quick image; image/needs.json does not say what brings it in Buildroot`),
    ...[...known].filter((name) => !listed.has(name)).map((name) => `${name} is in image/needs.json and not in the quick image`),
  ]
}
