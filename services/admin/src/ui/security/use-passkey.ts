import { type Assertion, type NewPasskeyOptions, securityApi } from '../api/security-calls.ts'
import { Refusal } from '../api/request.ts'

/** Browsers have passkeys over HTTPS under a name, and on localhost. */
export function passkeysWork(): boolean {
  const { hostname } = window.location
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.includes(':')
  return window.isSecureContext && !isAddress && 'credentials' in navigator && typeof window.PublicKeyCredential === 'function'
}

/** Asks the browser for one of its passkeys of this page. @throws Refusal */
export async function usePasskey(purpose: 'sign-in' | 'confirm'): Promise<Assertion> {
  const { challenge, page } = await securityApi.passkeyOptions(purpose)
  const credential = await asked(
    navigator.credentials.get({ publicKey: { challenge: bytesOf(challenge), rpId: page, userVerification: 'required', timeout: 120_000 } }),
  )
  const { clientDataJSON, authenticatorData, signature } = credential.response as AuthenticatorAssertionResponse
  return {
    id: credential.id,
    clientData: textOf(clientDataJSON),
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
  }
}

/** Has the browser make one. @throws Refusal */
export async function makePasskey({ challenge, page, person, algorithms, known }: NewPasskeyOptions, product: string) {
  const credential = await asked(
    navigator.credentials.create({
      publicKey: {
        challenge: bytesOf(challenge),
        rp: { id: page, name: product },
        user: { id: bytesOf(person.id), name: person.name, displayName: person.name },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map((id) => ({ type: 'public-key', id: bytesOf(id) })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: 120_000,
      },
    }),
  )
  const response = credential.response as AuthenticatorAttestationResponse
  const publicKey = response.getPublicKey()
  if (publicKey === null) throw new Refusal('INPUT_INVALID', 'the browser does not hand over the public key')
  return {
    clientData: textOf(response.clientDataJSON),
    authenticatorData: textOf(response.getAuthenticatorData()),
    publicKey: textOf(publicKey),
    algorithm: response.getPublicKeyAlgorithm(),
  }
}

/** Whoever closes the browser's own dialog has cancelled. */
async function asked(answer: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await answer.catch((error: unknown) => {
    const { name, message } = error as DOMException
    if (name === 'InvalidStateError') throw new Refusal('ALREADY_EXISTS', message)
    throw new Refusal(name === 'NotAllowedError' || name === 'AbortError' ? 'CANCELLED' : 'NOT_AUTHORIZED', message)
  })
  if (credential === null) throw new Refusal('CANCELLED', 'cancelled')
  return credential as PublicKeyCredential
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function textOf(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
