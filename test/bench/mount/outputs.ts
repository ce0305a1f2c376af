import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** What a command prints. @throws with what it printed when it fails. */
export async function outputOf(program: string, args: readonly string[], folder: string): Promise<string> {
  const { stdout } = await execute(program, args, { cwd: folder, maxBuffer: 1 << 30 })
  return stdout
}

/** A fast wrong answer is no result. */
export function same(what: string, is: unknown, shouldBe: unknown): void {
  if (is !== shouldBe) throw new Error(`${what}: ${String(is)} instead of ${String(shouldBe)}`)
}
