import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. Every script works from here, whatever folder it was called from. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Says what is wrong in one line and ends the script. */
export function fail(message) {
  console.error(message)
  process.exit(1)
}

/** Files below `folder` (relative to the checkout) that `wanted` takes, as paths relative to the checkout, sorted. */
export function listFiles(folder, wanted) {
  const absolute = join(root, folder)
  if (!existsSync(absolute)) return []
  const files = []
  for (const entry of readdirSync(absolute, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist') files.push(...listFiles(path, wanted))
    } else if (wanted(path)) files.push(path)
  }
  return files.sort()
}

/** The newest change among files, in ms since 1970; 0 when there are none. */
export function newestChange(files) {
  let newest = 0
  for (const file of files) newest = Math.max(newest, statSync(join(root, file)).mtimeMs)
  return newest
}

/** Runs a command on the user's terminal. @returns true when it ended with 0. */
export function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options })
  return status === 0
}

/** True when the command runs and ends with 0; prints nothing. */
export function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'ignore' }).status === 0
}

/** The path of a command that npm installed into the checkout. */
export function npmBinary(name) {
  return join(root, 'node_modules', '.bin', name)
}

/**
 * Runs a command in a process group of its own and ends the whole group when the command is over, takes too long or
 * this script is interrupted: whatever it started, nothing is left running.
 *
 * @returns its exit code; null when it was ended.
 */
export function runGroup(command, args, { limitMs, ...options } = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options, detached: true })
  const endGroup = () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {} // it is empty already
  }
  const interrupted = (signal) => {
    endGroup()
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, interrupted)
  const timer = limitMs === undefined ? undefined : setTimeout(endGroup, limitMs)
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('exit', (code) => {
      clearTimeout(timer)
      for (const signal of signals) process.off(signal, interrupted)
      endGroup()
      done(code)
    })
  })
}

/** A path as people read it: relative to the checkout. */
export function shown(path) {
  return relative(root, path) || '.'
}
