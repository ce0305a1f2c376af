// BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs) for 128-bit WebAssembly SIMD: four chunks or parents at a time,
// one vector per state word; single blocks with one vector per state row. Plain hash mode, 32-byte output.
#include "wasm.h"

enum { CHUNK = 1024, BLOCK = 64, MAX_DEPTH = 54, BATCH = 64, SLOTS = 2 };
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

typedef struct {
  u32 words[8];
} Cv;

// What an incremental hash carries between updates. Its live bytes end with the CVs on the stack: the host keeps those
// of many hashers outside and brings in the one at work.
typedef struct {
  u64 chunks;  // whole chunks before the one that is being filled
  u32 filled;  // bytes in `block`
  u32 blocks;  // blocks of the chunk already compressed into `chunk`
  u32 depth;   // CVs on the stack
  Cv chunk;    // chaining value within the chunk
  u8 block[BLOCK];
  Cv stack[MAX_DEPTH + 1];
} Hasher;

static const Cv IV = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

static const u8 SCHEDULE[7][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1}, {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4}, {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}};

static Hasher hashers[SLOTS];
static Cv digest;
static u8 staging[BATCH * CHUNK];

#define ADD wasm_i32x4_add
#define XOR wasm_v128_xor
#define ROT16(v) wasm_i8x16_shuffle(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define ROT12(v) wasm_v128_or(wasm_u32x4_shr(v, 12), wasm_i32x4_shl(v, 20))
#define ROT8(v) wasm_i8x16_shuffle(v, v, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)
#define ROT7(v) wasm_v128_or(wasm_u32x4_shr(v, 7), wasm_i32x4_shl(v, 25))

#define HALF_1(a, b, c, d, m) (a = ADD(ADD(a, m), b), d = XOR(d, a), d = ROT16(d), c = ADD(c, d), b = XOR(b, c), b = ROT12(b))
#define HALF_2(a, b, c, d, m) (a = ADD(ADD(a, m), b), d = XOR(d, a), d = ROT8(d), c = ADD(c, d), b = XOR(b, c), b = ROT7(b))
#define MIX(a, b, c, d, x, y) (HALF_1(a, b, c, d, x), HALF_2(a, b, c, d, y))

#define LANES(v, i, j, k, l) wasm_i32x4_shuffle(v, v, i, j, k, l)

// One block into one chaining value; a vector holds a row of the state.
static void compress(Cv *cv, const u8 *block, u64 counter, u32 length, u32 flags) {
  u32 m[16];
  __builtin_memcpy(m, block, BLOCK);
  v128 a = load(cv), b = load((u8 *)cv + 16), c = load(&IV);
  v128 d = wasm_i32x4_make((u32)counter, (u32)(counter >> 32), length, flags);
#pragma clang loop unroll(full)
  for (int round = 0; round < 7; round++) {
    const u8 *s = SCHEDULE[round];
    HALF_1(a, b, c, d, wasm_i32x4_make(m[s[0]], m[s[2]], m[s[4]], m[s[6]]));
    HALF_2(a, b, c, d, wasm_i32x4_make(m[s[1]], m[s[3]], m[s[5]], m[s[7]]));
    b = LANES(b, 1, 2, 3, 0), c = LANES(c, 2, 3, 0, 1), d = LANES(d, 3, 0, 1, 2);
    HALF_1(a, b, c, d, wasm_i32x4_make(m[s[8]], m[s[10]], m[s[12]], m[s[14]]));
    HALF_2(a, b, c, d, wasm_i32x4_make(m[s[9]], m[s[11]], m[s[13]], m[s[15]]));
    b = LANES(b, 3, 0, 1, 2), c = LANES(c, 2, 3, 0, 1), d = LANES(d, 1, 2, 3, 0);
  }
  store(cv, XOR(a, c));
  store((u8 *)cv + 16, XOR(b, d));
}

#define TRANSPOSE(a, b, c, d)                                                        \
  do {                                                                               \
    v128 ab_low = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), ab_high = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7); \
    v128 cd_low = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), cd_high = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7); \
    a = wasm_i64x2_shuffle(ab_low, cd_low, 0, 2), b = wasm_i64x2_shuffle(ab_low, cd_low, 1, 3);         \
    c = wasm_i64x2_shuffle(ab_high, cd_high, 0, 2), d = wasm_i64x2_shuffle(ab_high, cd_high, 1, 3);     \
  } while (0)

// Four inputs of `blocks` whole blocks each into four chaining values; a vector holds one state word of all four.
static void compress_four(const u8 *const inputs[4], u32 blocks, u64 counter, u32 step, u32 flags, u32 first, u32 last, Cv *out) {
  v128 h[8], v[16], m[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) h[i] = wasm_i32x4_splat(IV.words[i]);
  const v128 counters_low = wasm_i32x4_make((u32)counter, (u32)(counter + step), (u32)(counter + 2 * step), (u32)(counter + 3 * step));
  const v128 counters_high = wasm_i32x4_make((u32)(counter >> 32), (u32)((counter + step) >> 32), (u32)((counter + 2 * step) >> 32),
                                             (u32)((counter + 3 * step) >> 32));
  for (u32 block = 0; block < blocks; block++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) m[i] = load(inputs[i % 4] + block * BLOCK + i / 4 * 16);
    TRANSPOSE(m[0], m[1], m[2], m[3]);
    TRANSPOSE(m[4], m[5], m[6], m[7]);
    TRANSPOSE(m[8], m[9], m[10], m[11]);
    TRANSPOSE(m[12], m[13], m[14], m[15]);
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) v[i] = h[i];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) v[8 + i] = wasm_i32x4_splat(IV.words[i]);
    v[12] = counters_low, v[13] = counters_high, v[14] = wasm_i32x4_splat(BLOCK);
    v[15] = wasm_i32x4_splat(flags | (block == 0 ? first : 0) | (block + 1 == blocks ? last : 0));
#pragma clang loop unroll(full)
    for (int round = 0; round < 7; round++) {
      const u8 *s = SCHEDULE[round];
      MIX(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
      MIX(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
      MIX(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
      MIX(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
      MIX(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
      MIX(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
      MIX(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
      MIX(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) h[i] = XOR(v[i], v[i + 8]);
  }
  TRANSPOSE(h[0], h[1], h[2], h[3]);
  TRANSPOSE(h[4], h[5], h[6], h[7]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) store(out[i].words, h[i]), store(out[i].words + 4, h[i + 4]);
}

// Four at a time; a last group of two or three repeats its first, which is still faster than one by one.
static void compress_many(const u8 *input, u32 count, u32 blocks, u64 counter, u32 step, u32 flags, u32 first, u32 last, Cv *out) {
  const u32 stride = blocks * BLOCK;
  Cv four[4];
  while (count > 0) {
    const u32 now = count < 4 ? count : 4;
    const u8 *const inputs[4] = {input, input + (now > 1) * stride, input + (now > 2) * 2 * stride, input + (now > 3) * 3 * stride};
    compress_four(inputs, blocks, counter, step, flags, first, last, four);
    __builtin_memcpy(out, four, now * sizeof(Cv));
    input += now * stride, counter += now * step, out += now, count -= now;
  }
}

static void compress_parent(Cv *pair, u32 flags) {
  Cv cv = IV;
  compress(&cv, (const u8 *)pair, 0, BLOCK, PARENT | flags);
  pair[0] = cv;
}

// A complete subtree of 2..BATCH chunks (a power of two) down to the two CVs below its top.
static void compress_subtree(const u8 *input, u32 chunks, u64 counter, Cv out[2]) {
  static Cv cvs[BATCH];
  compress_many(input, chunks, CHUNK / BLOCK, counter, 1, 0, CHUNK_START, CHUNK_END, cvs);
  for (; chunks > 2; chunks /= 2) compress_many((const u8 *)cvs, chunks / 2, 1, 0, 0, PARENT, 0, 0, cvs);
  out[0] = cvs[0], out[1] = cvs[1];
}

// Merging waits until more input is known to follow: what is merged here cannot be the root.
static void merge_stack(Hasher *self, u64 chunks) {
  const u32 settled = (u32)__builtin_popcountll(chunks);
  for (; self->depth > settled; self->depth--) compress_parent(&self->stack[self->depth - 2], 0);
}

static void push(Hasher *self, const Cv *cv, u64 chunks) {
  merge_stack(self, chunks);
  self->stack[self->depth++] = *cv;
}

static u32 chunk_length(const Hasher *self) { return self->blocks * BLOCK + self->filled; }

static u32 start_flag(const Hasher *self) { return self->blocks == 0 ? CHUNK_START : 0; }

static void begin_chunk(Hasher *self) { self->chunk = IV, self->filled = 0, self->blocks = 0; }

// Up to the end of a chunk; its last block stays in `block`, for it may need more flags.
static void fill_chunk(Hasher *self, const u8 *input, u32 length) {
  while (length > 0) {
    if (self->filled == BLOCK) {
      compress(&self->chunk, self->block, self->chunks, BLOCK, start_flag(self));
      self->blocks++, self->filled = 0;
    }
    const u32 room = BLOCK - self->filled, take = length < room ? length : room;
    __builtin_memcpy(self->block + self->filled, input, take);
    self->filled += take, input += take, length -= take;
  }
}

static Cv end_chunk(const Hasher *self, u32 flags) {
  Cv cv = self->chunk;
  u8 block[BLOCK];
  for (u32 i = 0; i < BLOCK; i++) block[i] = i < self->filled ? self->block[i] : 0;
  compress(&cv, block, self->chunks, self->filled, start_flag(self) | CHUNK_END | flags);
  return cv;
}

// The largest subtree that begins here, fits the input and is no more than a batch.
static u32 subtree_chunks(u64 before, u32 length) {
  u32 chunks = BATCH;
  while (chunks * CHUNK > length || ((chunks - 1) & before) != 0) chunks /= 2;
  return chunks;
}

// Where the host puts input that lies outside this memory.
EXPORT(blake3_staging) u8 *blake3_staging(void) { return staging; }
EXPORT(blake3_staging_bytes) u32 blake3_staging_bytes(void) { return sizeof staging; }

EXPORT(blake3_state) Hasher *blake3_state(u32 slot) { return &hashers[slot]; }
EXPORT(blake3_state_bytes) u32 blake3_state_bytes(u32 slot) {
  return (u32)__builtin_offsetof(Hasher, stack) + hashers[slot].depth * (u32)sizeof(Cv);
}

EXPORT(blake3_begin) void blake3_begin(u32 slot) {
  Hasher *self = &hashers[slot];
  self->chunks = 0, self->depth = 0;
  begin_chunk(self);
}

EXPORT(blake3_update) void blake3_update(u32 slot, const u8 *input, u32 length) {
  Hasher *self = &hashers[slot];
  if (chunk_length(self) > 0) {
    const u32 room = CHUNK - chunk_length(self), take = length < room ? length : room;
    fill_chunk(self, input, take);
    input += take, length -= take;
    if (length == 0) return;
    const Cv cv = end_chunk(self, 0);
    push(self, &cv, self->chunks++);
    begin_chunk(self);
  }
  while (length > CHUNK) {
    const u32 chunks = subtree_chunks(self->chunks, length);
    Cv pair[2];
    if (chunks == 1) {
      compress_many(input, 1, CHUNK / BLOCK, self->chunks, 1, 0, CHUNK_START, CHUNK_END, pair);
      push(self, &pair[0], self->chunks);
    } else {
      compress_subtree(input, chunks, self->chunks, pair);
      push(self, &pair[0], self->chunks);
      push(self, &pair[1], self->chunks + chunks / 2);
    }
    self->chunks += chunks, input += chunks * CHUNK, length -= chunks * CHUNK;
  }
  if (length > 0) {
    fill_chunk(self, input, length);
    merge_stack(self, self->chunks);
  }
}

// The hasher is left as it is and can go on.
EXPORT(blake3_digest) Cv *blake3_digest(u32 slot) {
  const Hasher *self = &hashers[slot];
  u32 depth = self->depth;
  if (depth == 0) {
    digest = end_chunk(self, ROOT);
    return &digest;
  }
  Cv pair[2];
  pair[1] = chunk_length(self) > 0 ? end_chunk(self, 0) : self->stack[--depth];
  while (depth > 0) {
    pair[0] = self->stack[--depth];
    compress_parent(pair, depth == 0 ? ROOT : 0);
    pair[1] = pair[0];
  }
  digest = pair[1];
  return &digest;
}
