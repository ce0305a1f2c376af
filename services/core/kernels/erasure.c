// Matrix times fragments over GF(2^8): outputs[r] = sum of coefficient[r][i] * inputs[i], byte by byte.
// A product is two 16-entry table look-ups (i8x16.swizzle), one per half of the byte.
#include "wasm.h"

// Columns coded before going on: a group of rows finds them in the cache again. Inputs per pass: more streams at once
// than the prefetchers follow would be slower than adding to outputs that are still in the first-level cache.
enum { COLUMNS = 4096, INPUTS_PER_PASS = 16, TABLE = 32 };

// The windows of inputs and then outputs begin `stride` bytes apart. A piece of 32 columns is read once for all rows.
static inline __attribute__((always_inline)) void multiply_rows(const int rows, const u8 *tables, u32 row_bytes, const u8 *inputs, u32 count,
                                                                u8 *outputs, u32 stride, u32 columns, int add) {
  const v128 nibble = wasm_i8x16_splat(15);
  for (u32 at = 0; at < columns; at += 32) {
    v128 sums[4][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      sums[r][0] = add ? load(outputs + r * stride + at) : wasm_i8x16_splat(0);
      sums[r][1] = add ? load(outputs + r * stride + at + 16) : wasm_i8x16_splat(0);
    }
    const u8 *table = tables, *input = inputs + at;
    for (u32 i = 0; i < count; i++, table += TABLE, input += stride) {
      const v128 a = load(input), b = load(input + 16);
      const v128 a_low = wasm_v128_and(a, nibble), a_high = wasm_v128_and(wasm_u16x8_shr(a, 4), nibble);
      const v128 b_low = wasm_v128_and(b, nibble), b_high = wasm_v128_and(wasm_u16x8_shr(b, 4), nibble);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        const v128 low = load(table + r * row_bytes), high = load(table + r * row_bytes + 16);
        sums[r][0] = wasm_v128_xor(sums[r][0], wasm_v128_xor(wasm_i8x16_swizzle(low, a_low), wasm_i8x16_swizzle(high, a_high)));
        sums[r][1] = wasm_v128_xor(sums[r][1], wasm_v128_xor(wasm_i8x16_swizzle(low, b_low), wasm_i8x16_swizzle(high, b_high)));
      }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) store(outputs + r * stride + at, sums[r][0]), store(outputs + r * stride + at + 16, sums[r][1]);
  }
}

// `tables` holds `count` tables per row, row after row; `length` is a multiple of 32.
EXPORT(erasure_multiply) void erasure_multiply(const u8 *tables, u8 *windows, u32 stride, u32 count, u32 rows, u32 length) {
  const u32 row_bytes = count * TABLE;
  for (u32 begin = 0; begin < length; begin += COLUMNS) {
    const u32 columns = length - begin < COLUMNS ? length - begin : COLUMNS;
    for (u32 first = 0; first < count; first += INPUTS_PER_PASS) {
      const u32 now = count - first < INPUTS_PER_PASS ? count - first : INPUTS_PER_PASS;
      const u8 *const inputs = windows + begin + first * stride;
      for (u32 r = 0; r < rows; r += 4) {
        const u8 *const part = tables + r * row_bytes + first * TABLE;
        u8 *const outputs = windows + begin + (count + r) * stride;
        switch (rows - r) {
          case 1: multiply_rows(1, part, row_bytes, inputs, now, outputs, stride, columns, first > 0); break;
          case 2: multiply_rows(2, part, row_bytes, inputs, now, outputs, stride, columns, first > 0); break;
          case 3: multiply_rows(3, part, row_bytes, inputs, now, outputs, stride, columns, first > 0); break;
          default: multiply_rows(4, part, row_bytes, inputs, now, outputs, stride, columns, first > 0);
        }
      }
    }
  }
}
