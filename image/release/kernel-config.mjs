import { readFragment } from './defconfig.mjs'
import { kernelConfigProblems, kernelFragments } from './needs.mjs'

/**
 * Options that a built kernel's configuration lacks though a fragment asks for them, or has though a fragment switches them off: Kconfig
 * drops silently what depends on something else. A module in place of built in counts as there.
 */
export function lostKernelOptions(board, configText) {
  const on = new Set([...configText.matchAll(/^(CONFIG_\w+)=[ym]$/gm)].map(([, option]) => option))
  const wrong = kernelFragments(board).flatMap((path) =>
    readFragment(path)
      .filter(({ symbol, value }) => on.has(symbol) !== (value === 'y' || value === 'm'))
      .map(({ symbol, value, line }) => `${path}:${line}: ${symbol} is ${value === null ? 'on' : 'off'} in the kernel that was built`),
  )
  return [...wrong, ...kernelConfigProblems(configText)]
}
