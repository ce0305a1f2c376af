import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root, succeeds } from '../../common.mjs'
import { ensureInput } from '../inputs.mjs'
import { must } from './must.mjs'

/** Of each processor what clang calls it, and the least Android that the app runs on. */
export const abis = {
  'arm64-v8a': 'aarch64-linux-android24',
  'armeabi-v7a': 'armv7a-linux-androideabi24',
  x86_64: 'x86_64-linux-android24',
}
const native = join(root, 'android/native')
const headers = '/usr/include/android/nativehelper'

/**
 * The libraries of an app for one processor: our bridge, compiled without an NDK, libnode.so and its libc++ as they are pinned, without symbols
 * for debuggers.
 *
 * @param libnode another libnode.so than the pinned one, say one aligned for pages of 16 KiB; null for that.
 * @returns their paths by name.
 */
export function nativeLibraries(abi, folder, libnode = null) {
  mkdirSync(folder, { recursive: true })
  const from = {
    'libnode.so': libnode ?? join(ensureInput('libnode'), abi, 'libnode.so'),
    'libc++_shared.so': join(ensureInput('libc++'), abi, 'libc++_shared.so'),
  }
  if (!existsSync(join(headers, 'jni.h'))) fail(`${headers}/jni.h is not there: sudo apt-get install android-libnativehelper-dev`)
  for (const [name, path] of Object.entries(from)) {
    if (succeeds('test', [join(folder, name), '-nt', path])) continue
    copyFileSync(path, join(folder, name))
    must('llvm-strip', ['--strip-unneeded', join(folder, name)])
  }
  compileBridge(abi, folder)
  return Object.fromEntries(['libholt.so', ...Object.keys(from)].map((name) => [name, join(folder, name)]))
}

/** Its symbols of Android's libc are found on the phone; here stand libraries with nothing but their names. */
function compileBridge(abi, folder) {
  const target = `--target=${abis[abi]}`
  const code = [
    '-O2',
    '-fPIC',
    '-fvisibility=hidden',
    '-fno-stack-protector',
    '-ffreestanding',
    '-nostdlibinc',
    '-Wall',
    '-Wextra',
    '-Werror',
    `-ffile-prefix-map=${root}=.`,
  ]
  const stubs = join(folder, 'stubs')
  mkdirSync(stubs, { recursive: true })
  const objects = ['bridge', 'emutls'].map((name) => {
    const object = join(folder, `${name}.o`)
    must('clang', [target, ...code, '-isystem', headers, '-c', join(native, `${name}.c`), '-o', object])
    return object
  })
  const nothing = join(stubs, 'nothing.c')
  writeFileSync(nothing, '')
  const names = ['libc.so', 'liblog.so'].map((name) => {
    const path = join(stubs, name)
    must('clang', [target, '-shared', '-nostdlib', '-fuse-ld=lld', `-Wl,-soname,${name}`, '-o', path, nothing])
    return path
  })
  const flags = [
    '-soname,libholt.so',
    '-z,undefs',
    '-z,now',
    '-z,relro',
    '-z,max-page-size=16384',
    '--no-as-needed',
    '--allow-shlib-undefined',
    '--build-id=none',
    '--hash-style=both',
    '--strip-all',
  ]
  must('clang', [
    target,
    '-shared',
    '-nostdlib',
    '-fuse-ld=lld',
    ...flags.map((flag) => `-Wl,${flag}`),
    '-o',
    join(folder, 'libholt.so'),
    ...objects,
    join(folder, 'libnode.so'),
    ...names,
  ])
}
