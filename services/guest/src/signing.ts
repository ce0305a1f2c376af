import { pack, unpack } from './parcel.ts'

/** A key of this program and this owner alone. It follows from the owner's root key, so it is the same after everything was lost. */
export interface Signing {
  /** The public key, and the program's id: by both others know what it signed. */
  key(): Promise<{ key: string; program: string }>
  /** 64 bytes, Ed25519. At most 1 MiB is signed: of more, sign a hash. */
  sign(message: Uint8Array | string): Promise<Uint8Array>
  /** Whether that program of the owner with this key signed it; of this very program when `program` is left out. */
  verify(by: { key: string; program?: string }, message: Uint8Array | string, signature: Uint8Array): Promise<boolean>
}

export function signingCalled(power: string): Signing {
  const bytesOf = (message: Uint8Array | string) => (typeof message === 'string' ? new TextEncoder().encode(message) : message)
  const ask = async (what: string, head: Record<string, unknown>, body?: Uint8Array) =>
    unpack(await holt.ask(`signing.${what}`, pack({ power, ...head }, body)))
  return {
    key: async () => (await ask('key', {})).head as { key: string; program: string },
    sign: async (message) => (await ask('sign', {}, bytesOf(message))).body,
    verify: async ({ key, program }, message, signature) => {
      const signed = bytesOf(message)
      const body = new Uint8Array(64 + signed.length)
      if (signature.length !== 64) return false
      body.set(signature)
      body.set(signed, 64)
      return (await ask('verify', { key, program }, body)).head['valid'] as boolean
    },
  }
}
