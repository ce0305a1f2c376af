import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** A certificate with its key. */
export interface Issued {
  certificate: X509Certificate
  key: KeyObject
}

/** Names and IP addresses that a page answers to. */
export interface Subjects {
  names: readonly string[]
  addresses: readonly string[]
}

/**
 * Addresses that mean something else in every home, and this machine itself. All of them, not only the one in use: an authority that had to be
 * installed again whenever a router gives out other addresses would teach people to click warnings away.
 */
export const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', 'fc00::/7', '::1/128']

/** One text with both, so that they are replaced together. */
export function toPem({ certificate, key }: Issued): string {
  return `${certificate.toString()}${key.export({ type: 'pkcs8', format: 'pem' }).toString()}`
}

/** @throws Error when it is damaged, or the two do not belong together. */
export function fromPem(text: string): Issued {
  const issued = { certificate: new X509Certificate(text), key: createPrivateKey(text) }
  if (!issued.certificate.checkPrivateKey(issued.key)) throw new Error('the key is not that of the certificate')
  return issued
}

/** What a certificate speaks for. */
export function subjectsOf(certificate: X509Certificate): Subjects {
  const parts = (certificate.subjectAltName ?? '').split(', ')
  const all = (prefix: string): string[] => parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length))
  return { names: all('DNS:'), addresses: all('IP Address:').map(plainAddress) }
}

/** The same text for the same address. */
export function plainAddress(address: string): string {
  const plain = address.split('%')[0] as string
  return isIP(plain) === 6 ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain
}
