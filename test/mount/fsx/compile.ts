import { join } from 'node:path'
import { run } from '../../peers/harness.ts'

const sources = {
  file: ['exerciser.c', 'file-model.c', 'file.c'],
  names: ['exerciser.c', 'names-model.c', 'names-walk.c', 'names.c'],
} as const

export type ExerciserName = keyof typeof sources

/** @returns where the program is now, in `folder`. @throws with what the compiler said. */
export async function compiledExerciser(name: ExerciserName, folder: string): Promise<string> {
  const program = join(folder, `exercise-${name}`)
  const files = sources[name].map((file) => join(import.meta.dirname, file))
  const { exitCode, stderr } = await run('clang', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, ...files])
  if (exitCode !== 0) throw new Error(`clang ended with ${String(exitCode)}: ${stderr}`)
  return program
}
