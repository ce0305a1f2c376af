import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../common.mjs'
import { must } from './must.mjs'

export const MIN_SDK = 24
export const TARGET_SDK = 35

/**
 * Compiles manifest and resources. Android's own attributes come from our table of them (android/framework), for no Debian package has those of
 * API 30 and newer.
 *
 * @returns `{ apk, resourceClass }`: an APK with nothing but them, and R.java.
 */
export function compileResources(folder, { versionCode, versionName, extractLibraries = true }) {
  rmSync(folder, { recursive: true, force: true })
  const generated = join(folder, 'java')
  mkdirSync(generated, { recursive: true })
  const framework = join(folder, 'framework.apk')
  compile(join(root, 'android/framework/res'), join(folder, 'framework.zip'))
  must('aapt2', ['link', '--manifest', join(root, 'android/framework/AndroidManifest.xml'), '-o', framework, join(folder, 'framework.zip')])
  const apk = join(folder, 'resources.apk')
  compile(join(root, 'android/res'), join(folder, 'resources.zip'))
  const manifest = join(folder, 'AndroidManifest.xml')
  const text = readFileSync(join(root, 'android/AndroidManifest.xml'), 'utf8')
  writeFileSync(manifest, text.replace('extractNativeLibs="true"', `extractNativeLibs="${extractLibraries}"`))
  const versions = [
    '--min-sdk-version',
    String(MIN_SDK),
    '--target-sdk-version',
    String(TARGET_SDK),
    '--version-code',
    String(versionCode),
    '--version-name',
    versionName,
  ]
  must('aapt2', [
    'link',
    '-I',
    framework,
    '--manifest',
    manifest,
    '--java',
    generated,
    '--warn-manifest-validation',
    ...versions,
    '-o',
    apk,
    join(folder, 'resources.zip'),
  ])
  return { apk, framework, resourceClass: join(generated, 'org/holt/app/R.java') }
}

function compile(from, to) {
  must('aapt2', ['compile', '--dir', from, '-o', to])
}
