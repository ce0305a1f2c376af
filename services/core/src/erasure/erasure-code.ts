/**
 * Systematic Reed–Solomon over GF(2^8), polynomial 0x11d, Vandermonde-derived matrix as in Backblaze/klauspost:
 * the k data fragments are the data itself. Implementations: `simdErasureCode` (own Wasm SIMD kernel),
 * `referenceErasureCode` (@subspace/reed-solomon-erasure.wasm). Both give the same bytes.
 *
 * Every fragment of one call has the same length. The code works column by column: byte i of each fragment depends
 * only on byte i of the others, so any range of the fragments can be coded alone.
 *
 * Source: Plank & Ding 2003, "Note: Correction to the 1997 Tutorial on Reed-Solomon Coding".
 */
export interface ErasureCode {
  /**
   * @param data k fragments of equal length; k >= 1, parityCount >= 0, k + parityCount <= 255.
   * @returns `parityCount` new fragments.
   */
  encode(data: readonly Uint8Array[], parityCount: number): Uint8Array[]
  /**
   * Rebuilds what is missing.
   *
   * @param fragments k data then m parity fragments; a missing one is null.
   * @param options `wanted`: indices to rebuild (default: all that are missing).
   * @returns all k + m; those present as given, not copied; those missing and not wanted stay null.
   * @throws HoltError PACK_UNRECOVERABLE when fewer than `dataCount` are present.
   */
  reconstruct(fragments: readonly (Uint8Array | null)[], options: { dataCount: number; wanted?: readonly number[] }): (Uint8Array | null)[]
}
