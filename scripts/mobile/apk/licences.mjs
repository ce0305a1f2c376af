import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root } from '../../common.mjs'

/** What may be in the app. One that is not here is looked at by somebody first. */
const known =
  /^(?:\(?(?:MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Python-2\.0)(?: OR | AND |\)|$))+$/

/**
 * Every package in the app with its version, licence and the text of it, as the licences ask for.
 *
 * @param sources paths of what went into the bundles and the page.
 * @returns text.
 */
export function licencesOf(sources) {
  const packages = new Map()
  for (const source of sources) {
    const folder = packageFolder(source)
    if (folder !== null) packages.set(folder, JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')))
  }
  const inputs = JSON.parse(readFileSync(join(root, 'android/inputs.json'), 'utf8'))
  const fixed = ['libnode', 'libc++'].map(
    (name) => `${name}, from ${inputs[name].package} ${inputs[name].version} (${inputs[name].licence})\n`,
  )
  const listed = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, { name, version, license }]) => {
      const licence = typeof license === 'string' ? license : license?.type
      if (!known.test(licence ?? ''))
        fail(`${name} ${version} has the licence ${licence}, which scripts/mobile/apk/licences.mjs does not know`)
      return `${name} ${version} (${licence})\n${textOf(join(root, folder))}`
    })
  return `What is in this app besides Holt, which is under the Apache License 2.0.\n\n${[...fixed, ...listed].join('\n----\n')}`
}

/** The innermost folder of a package that a path leads into; null for what is ours. */
function packageFolder(source) {
  const at = source.lastIndexOf('node_modules/')
  if (at < 0) return null
  const [scope, name] = source.slice(at + 'node_modules/'.length).split('/')
  return source.slice(0, at) + join('node_modules', scope, scope.startsWith('@') ? name : '')
}

function textOf(folder) {
  if (!existsSync(folder)) return ''
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(name))
  return file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}
