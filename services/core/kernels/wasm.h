// What the kernels share: short names for fixed-size types, vectors and exports. There is no C library behind them.
#pragma once
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef v128_t v128;

#define EXPORT(name) __attribute__((export_name(#name)))

static inline v128 load(const void *address) { return wasm_v128_load(address); }
static inline void store(void *address, v128 value) { wasm_v128_store(address, value); }
