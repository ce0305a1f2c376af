// `node scripts/build-pam.mjs [--arch amd64|arm64]`: the native part of checking passwords on a box. Prints where it lies.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pamAddon } from '../image/quick/pam-addon.mjs'
import { fail, root } from './common.mjs'
import { ensureSystemParts } from './install.mjs'

const arches = { x64: 'amd64', arm64: 'arm64' }
const { values } = parseArgs({ options: { arch: { type: 'string', default: arches[process.arch] ?? '' } } })
if (!Object.values(arches).includes(values.arch)) fail(`There is no '${values.arch}'; there are amd64 and arm64`)
ensureSystemParts(['libpam', values.arch === 'amd64' ? 'compilerAmd64' : 'compilerArm64'])
const cache = join(root, 'build', 'cache')
mkdirSync(cache, { recursive: true })
console.log(await pamAddon({ arch: values.arch, cache }))
