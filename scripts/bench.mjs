// `npm run bench [-- name …]`: runs test/bench/NAME.ts for each name (default: all that export a bench) and prints tables.
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail, listFiles, root, run } from './common.mjs'
import { ensureNpmPackages, ensureSystemParts } from './install.mjs'

const isBench = (path) => path.endsWith('.ts') && /^export (async )?function bench\b/m.test(readFileSync(join(root, path), 'utf8'))
const benches = new Map(listFiles('test/bench', isBench).map((path) => [basename(path, '.ts'), path]))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !benches.has(name))
if (unknown.length > 0) fail(`There is no bench ${unknown.join(', ')}; there are: ${[...benches.keys()].join(', ')}`)
const names = wanted.length > 0 ? wanted : [...benches.keys()]
if (names.length === 0) fail('test/bench has no file that exports a function bench')

ensureNpmPackages()
const ofImage = [
  'qemu',
  'qemuImg',
  'ovmf',
  'swtpm',
  'swtpmSetup',
  'iproute',
  'ping',
  'dnsmasq',
  'curl',
  'cpio',
  'busybox',
  'mke2fs',
  'mmdebstrap',
  'iperf3',
]
const ofMount = ['gocryptfs', 'fio', 'git', 'python']
const parts = [...(names.includes('image') ? ofImage : []), ...(names.includes('mount') ? ofMount : [])]
ensureSystemParts(['clang', 'isal', 'restic', ...parts])
if (!run(process.execPath, ['scripts/build.mjs', '--quiet'])) fail('the build failed: see above')
const { register } = await import('tsx/esm/api')
register()
const { printTable } = await import(pathToFileURL(join(root, 'test/bench/report.ts')).href)

console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`)
for (const name of names) {
  console.log(`\n==== ${name}`)
  const { bench } = await import(pathToFileURL(join(root, benches.get(name))).href)
  for (const table of (await bench()) ?? []) printTable(table)
}
