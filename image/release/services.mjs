import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from '../../scripts/common.mjs'

/**
 * What package/holt installs, in `folder`: the built services, their licence, the licences of all npm packages that may be
 * bundled in them, and a bill of materials (CycloneDX).
 */
export function prepareServices(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') })
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'bundled-licences.txt'), bundledLicences())
  writeFileSync(join(folder, 'sbom.cdx.json'), billOfMaterials())
}

function npm(args) {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
  // `ls` ends with 1 for optional packages of other platforms, its list is whole all the same
  if (status !== 0 && args[0] !== 'ls') throw new Error(`npm ${args[0]}: ${stderr}`)
  return stdout
}

/** npm puts in the time and a random number; without them the same packages give the same file. */
function billOfMaterials() {
  const bill = JSON.parse(npm(['sbom', '--omit=dev', '--sbom-format=cyclonedx']))
  delete bill.serialNumber
  delete bill.metadata.timestamp
  bill.metadata.component.name = 'holt'
  return `${JSON.stringify(bill, null, 1)}\n`
}

/** Each package of other authors that the services may bundle, with its licence's text. */
function bundledLicences() {
  const folders = npm(['ls', '--omit=dev', '--all', '--parseable']).split('\n')
  const texts = []
  for (const folder of [...new Set(folders)].filter((path) => path.includes('node_modules') && existsSync(join(path, 'package.json')))) {
    const { name, version, license, private: own } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (own) continue
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')
    texts.push(`${name} ${version} (${license}), ${relative(root, folder)}\n\n${text || 'The package has no file of its licence.'}\n`)
  }
  if (texts.length === 0) throw new Error('npm lists no packages: are they installed?')
  return texts.sort((x, y) => (x < y ? -1 : 1)).join(`\n${'='.repeat(80)}\n\n`)
}
