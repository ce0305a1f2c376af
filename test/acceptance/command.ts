import { run } from '../peers/harness.ts'

/** Runs a program. @returns what it printed. @throws with its last words when it fails. */
export async function ok(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout, stderr, exitCode } = await run(command, args, { cwd }).catch((cause: unknown) => {
    throw new Error(`${command} cannot be run: is it installed?`, { cause })
  })
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}: ${stderr.trim().slice(-2000)}`)
  return stdout
}
