import { spawnSync } from 'node:child_process'
import { fail } from '../../common.mjs'

/** Runs a program; ends the script with what it said when it fails. @returns its output. */
export function must(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  if (error) fail(`${command} cannot be run: ${error.message}`)
  if (status !== 0) fail(`${command} ${args.slice(0, 6).join(' ')} … failed:\n${stderr || stdout}`)
  return stdout
}
