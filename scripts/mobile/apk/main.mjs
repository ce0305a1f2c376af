// `npm run apk [-- --abi ABI … --key FILE --libnode FILE --preinstalled]`: the app, signed, into build/mobile/apk.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, root, run, shown } from '../../common.mjs'
import { ensureSystemParts } from '../../install.mjs'
import { filesIn, makeAssets } from './assets.mjs'
import { compileJava, dexOf } from './java.mjs'
import { must } from './must.mjs'
import { abis, nativeLibraries } from './native.mjs'
import { compileResources } from './resources.mjs'
import { developmentKey, signApk } from './sign.mjs'
import { zipOf } from './zip.mjs'

// each of these programs in Java ends before what it compiles for speed pays
process.env['JAVA_TOOL_OPTIONS'] ??= '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'

/** What a phone downloads, in bytes. */
const MOST_BYTES = 20_000_000

const { values } = parseArgs({
  options: {
    abi: { type: 'string', multiple: true },
    key: { type: 'string' },
    libnode: { type: 'string' },
    // for a system's image: nobody unpacks libraries there, so they lie in it as they are mapped
    preinstalled: { type: 'boolean', default: false },
  },
})
const wanted = values.abi ?? Object.keys(abis)
for (const abi of wanted) if (!(abi in abis)) fail(`There is no ABI ${abi}; there are: ${Object.keys(abis).join(', ')}`)
if (values.libnode !== undefined && wanted.length !== 1) fail('--libnode is of one processor: name it with --abi')

ensureSystemParts(['aapt', 'apksigner', 'jni', 'javac', 'clang', 'lld', 'llvm', 'unzip'])
if (!run(process.execPath, ['scripts/build.mjs', '--quiet', '--page'])) fail('the page could not be built')
const folder = join(root, 'build/mobile/app')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const assets = await makeAssets(join(folder, 'assets'))
const { apk: resources, resourceClass } = compileResources(join(folder, 'resources'), {
  versionCode: versionCode(version),
  versionName: version,
  extractLibraries: !values.preinstalled,
})
const dex = dexOf(compileJava(folder, resourceClass), folder)
const key =
  values.key === undefined
    ? developmentKey()
    : { file: values.key, password: process.env['HOLT_APK_PASSWORD'] ?? fail('HOLT_APK_PASSWORD is not set') }
const out = join(root, values.preinstalled ? 'build/mobile/preinstalled' : 'build/mobile/apk')
mkdirSync(out, { recursive: true })
const shared = [
  ...fromZip(resources),
  { name: 'classes.dex', bytes: dex },
  ...filesIn(assets).map(({ name, bytes }) => ({ name: `assets/${name}`, bytes })),
]
for (const abi of wanted) {
  const libraries = nativeLibraries(abi, join(folder, 'native', abi), values.libnode)
  const native = Object.entries(libraries)
    .sort()
    .map(([name, path]) => ({ name: `lib/${abi}/${name}`, bytes: readFileSync(path), store: values.preinstalled }))
  const path = join(out, values.preinstalled ? `holt-${abi}.apk` : `holt-${version}-${abi}.apk`)
  writeFileSync(path, zipOf([...shared, ...native]))
  signApk(path, key)
  rmSync(`${path}.idsig`, { force: true })
  const sizeBytes = readFileSync(path).length
  if (sizeBytes > MOST_BYTES && !values.preinstalled) fail(`${shown(path)} has ${sizeBytes} bytes, more than ${MOST_BYTES}`)
  console.log(`${shown(path)}: ${(sizeBytes / 1e6).toFixed(1)} MB`)
}

/** 0.1.0 is 100: newer versions have higher numbers. */
function versionCode(text) {
  const [major, minor, patch] = text.split('.').map(Number)
  return major * 10_000 + minor * 100 + patch
}

/** What aapt2 wrote, by name; Android maps the table of resources into memory. */
function fromZip(path) {
  const names = must('unzip', ['-Z1', path]).trim().split('\n').sort()
  return names.map((name) => ({ name, bytes: must('unzip', ['-p', path, name], { encoding: 'buffer' }), store: name === 'resources.arsc' }))
}
