/**
 * node:crypto gives each result in memory of its own. Long results the allocator would map anew and give back each time, which
 * costs more than the cipher; so content goes through it in steps of this many bytes.
 */
export const CIPHER_STEP_BYTES = 16 * 1024
