import type { CodingPlan } from './matrix.ts'

/**
 * Codes fragments piece by piece through windows, without a copy of our own: the windows lie where the coding kernel
 * works (`kernel-memory.ts`). The caller reads the next piece of each source straight into its input window, calls
 * `code`, and hashes and writes the output windows from where they are:
 *
 *     const coder = createEncoder({ dataCount, parityCount, windowBytes })
 *     try {
 *       for (let offset = 0; offset < shardBytes; offset += coder.windowBytes) {
 *         const length = Math.min(coder.windowBytes, shardBytes - offset)
 *         for (let i = 0; i < dataCount; i++) readSync(pack, coder.input(i), 0, length, i * shardBytes + offset)
 *         coder.code(length)
 *         for (let j = 0; j < parityCount; j++) writeSync(parity[j], coder.output(j), 0, length, offset)
 *       }
 *     } finally {
 *       coder.close()
 *     }
 *
 * Views are `windowBytes` long. Ask for them piece by piece, not once: another allocation of kernel memory on this
 * thread empties those taken before. `code` leaves the input windows as they are.
 */
export interface WindowCoder {
  readonly plan: CodingPlan
  readonly windowBytes: number
  /** The window of the fragment `plan.sources[i]`. */
  input(i: number): Uint8Array<ArrayBuffer>
  /** The window of the fragment `plan.wanted[j]`. */
  output(j: number): Uint8Array<ArrayBuffer>
  /** Codes the first `lengthBytes` of all windows; what lies behind them in the output windows is undefined then. */
  code(lengthBytes: number): void
  /** Gives the windows back; to be called once, also after a failure. */
  close(): void
}

/** One per implementation. Window sizes are for the caller to choose: (k + m) windows that fit the processor's cache go fastest. */
export type WindowCoderMaker = (plan: CodingPlan, windowBytes: number) => WindowCoder

/** @throws RangeError */
export function checkWindowBytes(windowBytes: number): void {
  if (!Number.isSafeInteger(windowBytes) || windowBytes < 1) throw new RangeError(`${windowBytes} is no window size`)
}

/** @throws RangeError when a piece is longer than the windows. */
export function checkPiece(lengthBytes: number, windowBytes: number): void {
  if (!Number.isInteger(lengthBytes) || lengthBytes < 0 || lengthBytes > windowBytes) {
    throw new RangeError(`${lengthBytes} bytes do not fit windows of ${windowBytes}`)
  }
}
