import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import type { CommandCall } from '../command.ts'

/** As much as one call to the node carries. */
const STEP_BYTES = 1 << 20

/** @throws HoltError NOT_FOUND, IO_FAILED. */
export async function readPackageFile(typed: string, currentFolder: string): Promise<{ path: string; bytes: Uint8Array }> {
  const path = resolve(currentFolder, typed)
  try {
    return { path, bytes: new Uint8Array(await readFile(path)) }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new HoltError('NOT_FOUND', `${path}: there is no such file`, { path }, { cause })
    throw new HoltError('IO_FAILED', message, { path }, { cause })
  }
}

/** Whole or not at all. @throws HoltError IO_FAILED */
export async function writePackageFile(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`
  try {
    await writeFile(part, bytes)
    await rename(part, path)
  } catch (cause) {
    await rm(part, { force: true })
    throw new HoltError('IO_FAILED', (cause as Error).message, { path }, { cause })
  }
}

/** Brings it to the node. @returns by what the node knows it. */
export async function bringPackage(call: CommandCall, bytes: Uint8Array): Promise<string> {
  let stage: string | undefined
  for (let at = 0; at === 0 || at < bytes.length; at += STEP_BYTES) {
    const base64 = Buffer.from(bytes.subarray(at, at + STEP_BYTES)).toString('base64')
    stage = (await call.ask('programs.stage', { base64, ...(stage === undefined ? {} : { stage }) })).stage
  }
  return stage as string
}
