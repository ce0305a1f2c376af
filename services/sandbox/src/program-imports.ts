import { wasiImportNames } from './vat/wasi/wasi.ts'
import { holtImportNames } from './vat/wasm-program.ts'

/** Everything that a program's module may import. */
export const programImports: ReadonlySet<string> = new Set([
  ...holtImportNames.map((name) => `holt.${name}`),
  ...wasiImportNames.map((name) => `wasi_snapshot_preview1.${name}`),
])
