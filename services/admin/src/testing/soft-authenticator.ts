import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A passkey device in a few lines, for tests: what a browser and its authenticator hand over. */
export class SoftAuthenticator {
  readonly id = randomBytes(32)
  readonly publicKey: KeyObject
  readonly #key: KeyObject
  counter = 0
  flags = 0x05

  constructor(kind: 'ec' | 'ed25519' = 'ec') {
    const { privateKey, publicKey } = kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
    this.#key = privateKey
    this.publicKey = publicKey
  }

  make({ challenge, page, origin }: { challenge: string; page: string; origin: string }) {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const data = Buffer.concat([this.#data(page, this.flags | 0x40), Buffer.alloc(16), length, this.id])
    return {
      clientData: this.#client('webauthn.create', challenge, origin),
      authenticatorData: data.toString('base64url'),
      publicKey: this.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      algorithm: this.publicKey.asymmetricKeyType === 'ec' ? -7 : -8,
    }
  }

  use({ challenge, page, origin }: { challenge: string; page: string; origin: string }) {
    this.counter++
    const data = this.#data(page, this.flags)
    const clientData = this.#client('webauthn.get', challenge, origin)
    const signed = Buffer.concat([data, createHash('sha256').update(Buffer.from(clientData, 'base64url')).digest()])
    const signature = sign(this.#key.asymmetricKeyType === 'ec' ? 'sha256' : null, signed, this.#key).toString('base64url')
    return { id: this.id.toString('base64url'), clientData, authenticatorData: data.toString('base64url'), signature }
  }

  #data(page: string, flags: number): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(this.counter)
    return Buffer.concat([createHash('sha256').update(page).digest(), Buffer.from([flags]), count])
  }

  #client(type: string, challenge: string, origin: string): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url')
  }
}
