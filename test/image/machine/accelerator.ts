import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Accelerator = 'kvm' | 'tcg'
/** As Debian calls them. A machine of the other kind than this computer is always emulated. */
export type Architecture = 'amd64' | 'arm64'

/**
 * QEMU's arguments for one. Debian 12's QEMU double-faults on emulated cmpxchg16b with two processors, hence cx16=off; the rest
 * is what V8 wants for WebAssembly with vectors, and a kernel for AES.
 */
export function acceleratorArguments(accelerator: Accelerator, architecture: Architecture): string[] {
  if (architecture === 'arm64') return ['-accel', 'tcg,thread=multi', '-cpu', 'cortex-a57']
  if (accelerator === 'kvm') return ['-accel', 'kvm', '-cpu', 'host']
  return ['-accel', 'tcg,thread=multi', '-cpu', 'qemu64,cx16=off,ssse3=on,sse4.1=on,sse4.2=on,popcnt=on,aes=on,pclmulqdq=on,svm=off']
}

/**
 * Finds out what machines can run on here. A computer may show /dev/kvm and yet run no kernel with it, so only a guest that has
 * booted counts; the answer holds until the computer is started again.
 *
 * @param boots tries to boot a guest with KVM, in bounded time. HOLT_ACCELERATOR=tcg or kvm answers instead.
 */
export async function findAccelerator(boots: () => Promise<boolean>): Promise<Accelerator> {
  const wanted = process.env['HOLT_ACCELERATOR']
  if (wanted === 'kvm' || wanted === 'tcg') return wanted
  if (!existsSync('/dev/kvm')) return 'tcg'
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const remembered = join(tmpdir(), `holt-accelerator-${process.getuid?.() ?? 0}-${bootId}`)
  const known = await readFile(remembered, 'utf8').catch(() => '')
  if (known === 'kvm' || known === 'tcg') return known
  const found = (await boots()) ? 'kvm' : 'tcg'
  await writeFile(remembered, found, { mode: 0o600 })
  return found
}
