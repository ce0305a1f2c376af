// Matrix times fragments over GF(2^8): outputs[r] = sum of coefficient[r][i] * inputs[i], byte by byte.
// A product is two 16-entry table look-ups (i8x16.swizzle), one per half of the byte.
#include "wasm.h"

// Columns coded before going on: a group of rows finds them in the cache again. Inputs per pass: more streams at once
// than the prefetchers follow would be slower than adding to outputs that are still in the first-level cache.
enum { COLUMNS = 4096, INPUTS_PER_PASS = 16, TABLE = 32 };

// `tables` of row r begin at r * row_bytes. Each vector pair of columns is read once for all rows.
static inline __attribute__((always_inline)) void multiply_rows(const int rows, const u8 *tables, u32 row_bytes, u8 *const *inputs, u32 count,
                                                                u8 *const *outputs, u32 begin, u32 end, int add) {
  const v128 nibble = wasm_i8x16_splat(15);
  for (u32 at = begin; at < end; at += 32) {
    v128 sum[4][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      sum[r][0] = add ? load(outputs[r] + at) : wasm_i8x16_splat(0);
      sum[r][1] = add ? load(outputs[r] + at + 16) : wasm_i8x16_splat(0);
    }
    const u8 *table = tables;
    for (u32 i = 0; i < count; i++, table += TABLE) {
      const u8 *input = inputs[i] + at;
      const v128 a = load(input), b = load(input + 16);
      const v128 a_low = wasm_v128_and(a, nibble), a_high = wasm_v128_and(wasm_u16x8_shr(a, 4), nibble);
      const v128 b_low = wasm_v128_and(b, nibble), b_high = wasm_v128_and(wasm_u16x8_shr(b, 4), nibble);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        const v128 lo = load(table + r * row_bytes), hi = load(table + r * row_bytes + 16);
        sum[r][0] = wasm_v128_xor(sum[r][0], wasm_v128_xor(wasm_i8x16_swizzle(lo, a_low), wasm_i8x16_swizzle(hi, a_high)));
        sum[r][1] = wasm_v128_xor(sum[r][1], wasm_v128_xor(wasm_i8x16_swizzle(lo, b_low), wasm_i8x16_swizzle(hi, b_high)));
      }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) store(outputs[r] + at, sum[r][0]), store(outputs[r] + at + 16, sum[r][1]);
  }
}

EXPORT(erasure_multiply) void erasure_multiply(const u8 *tables, u8 *const *inputs, u32 count, u8 *const *outputs, u32 rows, u32 length) {
  const u32 row_bytes = count * TABLE;
  for (u32 begin = 0; begin < length; begin += COLUMNS) {
    const u32 end = begin + COLUMNS < length ? begin + COLUMNS : length;
    for (u32 first = 0; first < count; first += INPUTS_PER_PASS) {
      const u32 now = count - first < INPUTS_PER_PASS ? count - first : INPUTS_PER_PASS;
      for (u32 r = 0; r < rows; r += 4) {
        const u8 *const part = tables + r * row_bytes + first * TABLE;
        switch (rows - r) {
          case 1: multiply_rows(1, part, row_bytes, inputs + first, now, outputs + r, begin, end, first > 0); break;
          case 2: multiply_rows(2, part, row_bytes, inputs + first, now, outputs + r, begin, end, first > 0); break;
          case 3: multiply_rows(3, part, row_bytes, inputs + first, now, outputs + r, begin, end, first > 0); break;
          default: multiply_rows(4, part, row_bytes, inputs + first, now, outputs + r, begin, end, first > 0);
        }
      }
    }
  }
}
