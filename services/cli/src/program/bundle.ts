import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { HoltError } from '@holt/core/errors.ts'
import { guestFolder } from './guest-folder.ts'

interface Bundler {
  build(options: Record<string, unknown>): Promise<{ outputFiles: { contents: Uint8Array }[] }>
}

interface Setup {
  onResolve(options: { filter: RegExp }, resolve: (args: { path: string }) => { path: string }): void
}

/** What the engine understands that runs JavaScript within WebAssembly. */
const TARGET = 'es2023'

/**
 * Makes one script of a program's main module, all that it imports and the library by which it answers deliveries, by the esbuild of the
 * program's own folder or, where it has none, of the one that this command comes with.
 *
 * @throws HoltError DEPENDENCY_MISSING; INPUT_INVALID for what does not compile.
 */
export async function bundle(folder: string, main: string): Promise<Uint8Array> {
  const esbuild = await findBundler(folder)
  const guest = guestFolder()
  const entry = [
    `import ${JSON.stringify(join(guest, 'globals.ts'))}`,
    `import program from ${JSON.stringify(`./${main}`)}`,
    `import { run } from ${JSON.stringify(join(guest, 'run.ts'))}`,
    'run(program)',
  ]
  try {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: folder,
      stdin: { contents: entry.join('\n'), resolveDir: folder, sourcefile: 'start.js' },
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: TARGET,
      charset: 'utf8',
      // names of files stand in the comments of esbuild, and would tell where it was built
      minifyWhitespace: true,
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [
        {
          name: 'guest',
          setup: ({ onResolve }: Setup) =>
            onResolve({ filter: /^@holt\/guest\/[a-z-]+\.ts$/ }, ({ path }) => ({ path: join(guest, path.slice('@holt/guest/'.length)) })),
        },
      ],
    })
    return new Uint8Array((outputFiles[0] as { contents: Uint8Array }).contents)
  } catch (cause) {
    throw new HoltError('INPUT_INVALID', `${main} does not compile: ${(cause as Error).message}`, { field: 'main' }, { cause })
  }
}

async function findBundler(folder: string): Promise<Bundler> {
  for (const from of [join(folder, 'package.json'), fileURLToPath(import.meta.url)]) {
    let path: string
    try {
      path = createRequire(from).resolve('esbuild')
    } catch {
      continue // not there
    }
    return (await import(pathToFileURL(path).href)) as Bundler
  }
  throw new HoltError(
    'DEPENDENCY_MISSING',
    'programs are built by esbuild: run `npm install --save-dev esbuild` in the folder of the program',
    {
      program: 'esbuild',
    },
  )
}
