import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endorsement } from '@holt/control/box/methods.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Tools } from './tools.ts'

/** Where makers leave the certificate of a chip's endorsement key: TCG EK Credential Profile 2.5, section 2.2.1.4. */
const CERTIFICATE_INDICES = { 'ECC P-256': '0x1c0000a', 'RSA 2048': '0x1c00002' }

/**
 * The certificates in which the maker of the TPM vouches for it. They are read, not checked: whoever is shown one compares it
 * with the maker's authority.
 *
 * @returns none when the chip has none, as many emulated ones.
 */
export async function readEndorsements(tools: Tools): Promise<Endorsement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-tpm-'))
  try {
    const found: Endorsement[] = []
    for (const [key, index] of Object.entries(CERTIFICATE_INDICES)) {
      const bytes = await readIndex(tools, index, join(folder, index))
      const certificate = bytes && certificateIn(bytes)
      if (certificate) found.push({ key, ...certificate })
    }
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readIndex(tools: Tools, index: string, file: string): Promise<Uint8Array | null> {
  try {
    await tools.run('tpm2_nvread', ['-Q', '-C', 'o', '-o', file, index])
    return await readFile(file)
  } catch (error) {
    if (isHoltError(error, 'SYSTEM_REFUSED') || isHoltError(error, 'DEPENDENCY_MISSING')) return null
    throw error
  }
}

/** Some makers fill the index up behind the certificate. */
function certificateIn(bytes: Uint8Array): Omit<Endorsement, 'key'> | null {
  try {
    const certificate = new X509Certificate(bytes.subarray(0, derLength(bytes)))
    const { issuer, fingerprint256 } = certificate
    return { issuer: issuer.replaceAll('\n', ', '), sha256: fingerprint256.replaceAll(':', '').toLowerCase(), pem: certificate.toString() }
  } catch {
    return null
  }
}

function derLength(bytes: Uint8Array): number {
  const first = bytes[1] ?? 0
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  return 2 + count + bytes.subarray(2, 2 + count).reduce((length, byte) => 256 * length + byte, 0)
}
