import { fileURLToPath } from 'node:url'

/** Of npm's packages of Node; the cross-compiler of Debian brings the C library that it wants. */
const VERSION = '20.20.2'

/** A Node for the processor that this machine has not, and what emulates it. */
export function emulatedNode(): { node: string[]; processor: string } {
  const processor = process.arch === 'arm64' ? 'x64' : 'arm64'
  const machine = processor === 'arm64' ? 'aarch64' : 'x86_64'
  const path = fileURLToPath(
    new URL(`../../.runtimes/${VERSION}-${processor}/node_modules/node-linux-${processor}/bin/node`, import.meta.url),
  )
  return { node: [`qemu-${machine}-static`, '-L', `/usr/${machine}-linux-gnu`, path], processor }
}
