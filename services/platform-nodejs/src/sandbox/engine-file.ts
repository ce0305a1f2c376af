import { readFile } from 'node:fs/promises'

/** The JavaScript engine's module: beside the bundle, or in its package. */
export async function readEngine(): Promise<Uint8Array> {
  const built = !import.meta.url.endsWith('.ts')
  const url = built ? new URL('./quickjs.wasm', import.meta.url) : new URL(import.meta.resolve('quickjs-wasi/quickjs.wasm'))
  return new Uint8Array(await readFile(url))
}
