// `npm run build:mobile`: the node for phones, into build/mobile/bundle.
import { join } from 'node:path'
import { fail, root } from '../common.mjs'
import { bundleForPhones } from './bundle.mjs'

await bundleForPhones(join(root, 'build/mobile/bundle')).catch((error) => fail(error.message))
