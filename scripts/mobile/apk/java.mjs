import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles, root } from '../../common.mjs'
import { ensureInput } from '../inputs.mjs'
import { must } from './must.mjs'

const isJava = (path) => path.endsWith('.java')

/** Compiles the app's classes; what stands in for Android's has their signatures and is left out of the app. @returns the folder. */
export function compileJava(folder, resourceClass, { withFakes = false } = {}) {
  const classes = join(folder, withFakes ? 'test-classes' : 'classes')
  const all = join(folder, 'all-classes')
  for (const one of [classes, all]) {
    rmSync(one, { recursive: true, force: true })
    mkdirSync(one, { recursive: true })
  }
  const fakes = listFiles('android/fakes', isJava)
  const ours = [...listFiles('android/src', isJava).map((path) => join(root, path)), resourceClass]
  // dx takes what Java 7 has
  const javac = (target, files, more) =>
    must('javac', ['--release', '7', '-Xlint:-options', '-g:source,lines', '-encoding', 'UTF-8', '-d', target, ...more, ...files])
  if (withFakes) {
    javac(classes, [...fakes.map((path) => join(root, path)), ...ours], [])
    return classes
  }
  const signatures = fakes.filter((path) => path.startsWith('android/fakes/android/')).map((path) => join(root, path))
  javac(all, signatures, [])
  javac(classes, ours, ['-cp', all])
  return classes
}

/** @returns the bytes of classes.dex. */
export function dexOf(classes, folder) {
  const output = join(folder, 'classes.dex')
  must('java', [
    '-cp',
    join(ensureInput('dx'), 'dx.jar'),
    'com.android.dx.command.Main',
    '--dex',
    '--no-locals',
    `--output=${output}`,
    classes,
  ])
  return readFileSync(output)
}
