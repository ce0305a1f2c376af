/**
 * node:crypto gives each result in memory of its own. From 128 KiB on the allocator maps that anew and gives it back each
 * time, which costs more than the cipher; so long content goes through it in steps of this many bytes.
 */
export const CIPHER_STEP_BYTES = 64 * 1024
