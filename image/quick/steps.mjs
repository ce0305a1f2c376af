import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from '../../scripts/common.mjs'

/**
 * Runs one step of a build, or leaves its outputs alone when they were made from the same inputs.
 *
 * @param options.name what is said of it.
 * @param options.inputs texts and `{ path }` of files or folders, whose content and modes count (not their times).
 * @param options.outputs paths that must be there afterwards.
 */
export async function step({ name, inputs, outputs, work }) {
  const key = keyOf(inputs)
  const stamp = `${outputs[0]}.made-from`
  if (outputs.every((path) => existsSync(path)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) {
    console.log(`  ${name}: as before`)
    return key
  }
  const started = Date.now()
  console.log(`  ${name} …`)
  mkdirSync(dirname(outputs[0]), { recursive: true })
  writeFileSync(stamp, '') // broken off, it is made again
  await work()
  for (const path of outputs) if (!existsSync(path)) fail(`${name}: ${path} was not made`)
  writeFileSync(stamp, key)
  console.log(`  ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return key
}

/** Runs a program; its output is shown only when it fails. @returns its stdout. */
export function tool(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8', ...options })
  if (status === 0) return stdout
  fail(`${command} ${args.join(' ')}\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`)
}

function keyOf(inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) {
    if (typeof input === 'string') hash.update(`text ${input}\0`)
    else addPath(hash, input.path, '')
  }
  return hash.digest('hex')
}

function addPath(hash, path, name) {
  if (!existsSync(path) && !isLink(path)) return hash.update(`none ${name}\0`)
  const stat = lstatSync(path)
  hash.update(`${name} ${stat.mode.toString(8)}\0`)
  if (stat.isSymbolicLink()) hash.update(readlinkSync(path))
  else if (stat.isDirectory()) for (const entry of readdirSync(path).sort()) addPath(hash, join(path, entry), `${name}/${entry}`)
  else hash.update(readFileSync(path))
}

function isLink(path) {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}
