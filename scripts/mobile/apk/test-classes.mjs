// The app's classes with fakes of Android's, for `npm test mobile`; after `npm run apk`.
import { join } from 'node:path'
import { root } from '../../common.mjs'
import { bridgeForJvm } from '../android-node.mjs'
import { compileJava } from './java.mjs'

const folder = join(root, 'build/mobile/app')
compileJava(folder, join(folder, 'resources/java/org/holt/app/R.java'), { withFakes: true })
bridgeForJvm()
