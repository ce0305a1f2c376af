import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compareBytes, utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { guestFolder } from './guest-folder.ts'

/** The processor of Holt's programs, as clang calls it: WebAssembly with the C library that speaks WASI. */
const TARGET = '--target=wasm32-wasi'
/** Nothing of the time or the place goes in: the same sources and the same compiler give the same module. */
const COMPILE = [TARGET, '-std=gnu17', '-O2', '-Werror=implicit', '-Werror=int-conversion', '-Werror=date-time', '-c']
/** Overflowing the stack then leaves the memory, and is an end, instead of changing what lies beside it. */
const LINK = [TARGET, '-Wl,--strip-all', '-Wl,--stack-first', '-Wl,-z,stack-size=262144']
const PACKAGES = 'clang lld wasi-libc libclang-rt-dev-wasm32'
const LONGEST_COMPLAINT = 4000

/**
 * Makes one module of all files in C that lie in the folder of the main one.
 *
 * @throws HoltError DEPENDENCY_MISSING; INPUT_INVALID for what does not compile.
 */
export async function compileC(folder: string, main: string): Promise<Uint8Array> {
  await checkCompiler()
  const beside = dirname(main)
  const names = (await readdir(join(folder, beside))).filter((name) => name.endsWith('.c'))
  const sources = names.sort((a, b) => compareBytes(utf8(a), utf8(b))).map((name) => join(beside, name))
  const built = await mkdtemp(join(tmpdir(), 'holt-build-'))
  try {
    const objects = sources.map((_, index) => join(built, `${index}.o`))
    const include = join(guestFolder(), '..', 'c')
    for (const [index, source] of sources.entries())
      await clang([...COMPILE, '-isystem', include, '-o', objects[index] as string, source], { folder, main })
    const module = join(built, 'main.wasm')
    // in two steps: when clang links what it optimises, it has wasm-opt work on it where that is installed, and the module is another
    await clang([...LINK, '-o', module, ...objects], { folder, main })
    return new Uint8Array(await readFile(module))
  } finally {
    await rm(built, { recursive: true, force: true })
  }
}

async function checkCompiler(): Promise<void> {
  const { status, output } = await run(['-print-file-name=crt1-command.o', TARGET])
  if (status !== 0 || !existsSync(output.trim())) throw missing()
}

async function clang(line: readonly string[], { folder, main }: { folder: string; main: string }): Promise<void> {
  const { status, output } = await run(line, folder)
  if (status === 0) return
  if (/unable to (execute|find)|cannot (open|find).*(libclang_rt|crt1|libc\.a)/.test(output)) throw missing()
  throw new HoltError('INPUT_INVALID', `${main} does not compile: ${output.trim().slice(0, LONGEST_COMPLAINT)}`, { field: 'main' })
}

function run(line: readonly string[], cwd?: string): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('clang', line, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        output += part
      })
    child.on('error', () => reject(missing()))
    child.on('close', (status) => resolve({ status: status ?? 1, output }))
  })
}

function missing(): HoltError {
  return new HoltError('DEPENDENCY_MISSING', `programs in C are built by clang and the C library for WASI: apt-get install ${PACKAGES}`, {
    program: 'clang',
  })
}
