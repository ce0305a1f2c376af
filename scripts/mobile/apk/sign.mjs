import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../../common.mjs'
import { must } from './must.mjs'
import { MIN_SDK } from './resources.mjs'

const development = join(root, 'build/mobile/keys/development.p12')
/** Nobody is kept out by it: the key is of this checkout and of no use elsewhere. */
const PASSWORD = 'development'

/** A key for developing, made once. A release is signed with another one: `--key FILE`, whose password is in HOLT_APK_PASSWORD. */
export function developmentKey() {
  if (!existsSync(development)) {
    mkdirSync(dirname(development), { recursive: true, mode: 0o700 })
    const store = ['-keystore', development, '-storetype', 'PKCS12', '-storepass', PASSWORD, '-keypass', PASSWORD]
    must('keytool', [
      '-genkeypair',
      ...store,
      '-alias',
      'holt',
      '-keyalg',
      'RSA',
      '-keysize',
      '3072',
      '-validity',
      '10000',
      '-dname',
      'CN=Holt development',
    ])
  }
  return { file: development, password: PASSWORD }
}

/** Signs in place, by the schemes 2 and 3, which cover the whole file. RSA gives the same bytes each time. */
export function signApk(path, key) {
  const scheme = [
    '--v1-signing-enabled',
    'false',
    '--v2-signing-enabled',
    'true',
    '--v3-signing-enabled',
    'true',
    '--min-sdk-version',
    String(MIN_SDK),
  ]
  must('apksigner', ['sign', '--ks', key.file, '--ks-type', 'PKCS12', '--ks-pass', 'env:HOLT_APK_PASSWORD', ...scheme, path], {
    env: { ...process.env, HOLT_APK_PASSWORD: key.password },
  })
}
