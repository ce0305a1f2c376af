import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../common.mjs'
import { retarget } from './bionic/retarget.mjs'
import { ensureInput } from './inputs.mjs'

/** How programs for a processor are made and run here; 64 bit, for the shim knows no other layouts. */
const abis = {
  x86_64: { processor: 'x64', compiler: 'x86_64-linux-gnu-gcc', emulator: null },
  'arm64-v8a': { processor: 'arm64', compiler: 'aarch64-linux-gnu-gcc', emulator: ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'] },
}
const sources = join(root, 'scripts/mobile/bionic')
const emutls = join(root, 'android/native/emutls.c')
const plain = ['-O2', '-Wall', '-Wextra', '-Werror']

/**
 * Android's own libnode.so as a program on this machine, over a small library that stands in for Android's libc.
 *
 * @returns `{ command, args, env }`: what follows the arguments is a script and its own.
 */
export function androidNode(abi) {
  const { compiler, processor, emulator } = abis[abi]
  const folder = androidLibraries(abi)
  const host = join(folder, 'host')
  if (isOlder(host, [join(sources, 'host.c')]))
    compile(compiler, [
      ...plain,
      '-o',
      host,
      join(sources, 'host.c'),
      '-Wl,--no-as-needed',
      join(folder, 'libemutls.so'),
      '-lm',
      '-ldl',
      '-Wl,-rpath,$ORIGIN',
    ])
  const library = join(folder, 'libnode.so')
  if (processor === process.arch || emulator === null) return { command: host, args: [library], env: { LD_LIBRARY_PATH: folder } }
  const [command, ...args] = emulator
  return { command, args: [...args, '-E', `LD_LIBRARY_PATH=${folder}`, host, library], env: {} }
}

/** A folder with libnode.so, its libc++ and what they ask of Android, for this machine's loader. */
export function androidLibraries(abi) {
  const { compiler } = abis[abi]
  const folder = join(root, 'build/mobile/bionic', abi)
  mkdirSync(folder, { recursive: true })
  const tool = join(sources, 'retarget.mjs')
  for (const [input, name] of [
    ['libnode', 'libnode.so'],
    ['libc++', 'libc++_shared.so'],
  ]) {
    const from = join(ensureInput(input), abi, name)
    if (isOlder(join(folder, name), [tool, from])) retarget(from, join(folder, name))
  }
  const shim = join(sources, 'shim.c')
  if (isOlder(join(folder, 'libc.so'), [shim]))
    compile(compiler, [...plain, '-shared', '-fPIC', '-o', join(folder, 'libc.so'), shim, '-lm'])
  if (isOlder(join(folder, 'libemutls.so'), [emutls]))
    compile(compiler, [...plain, '-shared', '-fPIC', '-o', join(folder, 'libemutls.so'), emutls])
  // what else they name is in libc here; one that is there stays, for another process may be running it
  for (const name of ['libm.so', 'libdl.so', 'liblog.so'])
    if (isOlder(join(folder, name), [join(folder, 'libc.so')])) copyFileSync(join(folder, 'libc.so'), join(folder, name))
  return folder
}

/**
 * The app's own bridge, compiled for this machine, for a JVM that stands in for Android's.
 *
 * @returns the folder with libholt.so and all it needs, and what a JVM needs in its environment: that its handlers of signals come before Node's.
 */
export function bridgeForJvm() {
  const folder = androidLibraries('x86_64')
  const native = join(root, 'android/native')
  const sources = ['bridge.c', 'emutls.c'].map((name) => join(native, name))
  const library = join(folder, 'libholt.so')
  if (isOlder(library, [...sources, join(native, 'libc.h')])) {
    const links = [join(folder, 'libnode.so'), join(folder, 'liblog.so')]
    compile('x86_64-linux-gnu-gcc', [
      ...plain,
      '-shared',
      '-fPIC',
      '-isystem',
      '/usr/include/android/nativehelper',
      '-o',
      library,
      ...sources,
      '-Wl,--no-as-needed',
      ...links,
    ])
  }
  const java = execFileSync('sh', ['-c', 'dirname "$(dirname "$(readlink -f "$(command -v java)")")"'], { encoding: 'utf8' }).trim()
  return { folder, env: { LD_LIBRARY_PATH: folder, LD_PRELOAD: join(java, 'lib/libjsig.so') } }
}

function compile(compiler, args) {
  execFileSync(compiler, args, { stdio: 'inherit' })
}

function isOlder(file, than) {
  return !existsSync(file) || than.some((other) => statSync(other).mtimeMs > statSync(file).mtimeMs)
}

// made once, before tests ask for them at the same time
if (process.argv[1] === import.meta.filename) for (const abi of Object.keys(abis)) androidNode(abi)
