import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { ALIGNMENT, roundUp } from './aligned-memory.ts'

/** Direct transfers for jobs, which have a thread to themselves. Slots are those of `alignedSlots`. */

/** @returns null where the file system (or the platform) has no such way, or the file is not to be had. */
export function openDirectSync(path: string, flags: number): number | null {
  if (constants.O_DIRECT === undefined) return null
  try {
    return openSync(path, flags | constants.O_DIRECT)
  } catch {
    return null
  }
}

/** The file that is open already, whatever its name leads to by now. @returns null where there is no such way. */
export function reopenDirectSync(fd: number, flags: number): number | null {
  return openDirectSync(`/proc/self/fd/${fd}`, flags)
}

/**
 * Reads a range with the blocks at its ends into `slot`.
 *
 * @returns the range's bytes within the slot, fewer at the end of the file; null when the file system refuses.
 * @throws the error of node:fs.
 */
export function readDirectSync(fd: number, slot: Uint8Array<ArrayBuffer>, offset: number, lengthBytes: number): Uint8Array | null {
  const skipped = offset % ALIGNMENT
  const wanted = roundUp(skipped + lengthBytes)
  let done = 0
  try {
    while (done < wanted) {
      const count = readSync(fd, slot, done, wanted - done, offset - skipped + done)
      done += count
      if (count === 0 || count % ALIGNMENT !== 0) break
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    return null
  }
  return slot.subarray(skipped, Math.max(skipped, Math.min(done, skipped + lengthBytes)))
}

/**
 * Writes the beginning of `slot`, as much of it as is whole blocks.
 *
 * @param offset a multiple of ALIGNMENT.
 * @returns how much was written; the rest has to go the plain way.
 * @throws the error of node:fs.
 */
export function writeDirectSync(fd: number, slot: Uint8Array, lengthBytes: number, offset: number): number {
  const whole = lengthBytes - (lengthBytes % ALIGNMENT)
  let done = 0
  try {
    while (done < whole) {
      const count = writeSync(fd, slot, done, whole - done, offset + done)
      done += count - (count % ALIGNMENT)
      if (count % ALIGNMENT !== 0 || count === 0) break
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  }
  return done
}

export function closeDirectSync(fd: number | null): void {
  if (fd !== null) closeSync(fd)
}
