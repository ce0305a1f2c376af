import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { type Issued, PRIVATE_NETWORKS, type Subjects } from './certificates.ts'

/** Writing X.509 takes 4 MB of code, and happens once a year: nobody imports this before there is something to make. */

const DAY_MS = 86_400_000
/** Browsers take none that is valid longer; a day of it is for clocks that are behind. */
export const PAGE_DAYS = 397
export const AUTHORITY_DAYS = 3652
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'
const ORGANIZATION = '2.5.4.10'

/** An authority of one node: it can speak for these names and for private addresses, for servers only, through nobody else. */
export function makeAuthority(names: readonly string[], now: Date): Issued {
  const keys = newKeys()
  const subject = nameOf(`Holt authority ${randomBytes(3).toString('hex')}`)
  const permitted = [
    ...names.map((dNSName) => new GeneralName({ dNSName })),
    ...PRIVATE_NETWORKS.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  return issue({
    subject,
    issuer: subject,
    keys,
    signer: keys.privateKey,
    now,
    days: AUTHORITY_DAYS,
    extensions: [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(keys.publicKey))),
      extension(
        id_ce_nameConstraints,
        new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted.map((base) => new GeneralSubtree({ base }))) }),
        true,
      ),
    ],
  })
}

/** The certificate of the page, signed by the authority of the node. */
export function makePageCertificate(authority: Issued, { names, addresses }: Subjects, now: Date): Issued {
  const keys = newKeys()
  const alternatives = [
    ...names.map((dNSName) => new GeneralName({ dNSName })),
    ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  return issue({
    subject: nameOf(names[0] ?? addresses[0] ?? 'Holt'),
    issuer: AsnConvert.parse(authority.certificate.raw, Certificate).tbsCertificate.subject,
    keys,
    signer: authority.key,
    now,
    days: PAGE_DAYS,
    extensions: [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(keys.publicKey))),
      extension(
        id_ce_authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new SubjectKeyIdentifier(keyId(createPublicKey(authority.key))) }),
      ),
      extension(id_ce_subjectAltName, new SubjectAlternativeName(alternatives)),
    ],
  })
}

interface Request {
  subject: Name
  issuer: Name
  keys: { publicKey: KeyObject; privateKey: KeyObject }
  signer: KeyObject
  now: Date
  days: number
  extensions: Extension[]
}

function issue({ subject, issuer, keys, signer, now, days, extensions }: Request): Issued {
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 })
  const begin = Math.floor(now.getTime() / 1000) * 1000 - DAY_MS
  const content = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer,
    // RFC 5280 counts the last second in
    validity: new Validity({ notBefore: new Date(begin), notAfter: new Date(begin + days * DAY_MS - 1000) }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(keys.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions(extensions),
  })
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(content)), signer)
  const certificate = new Certificate({
    tbsCertificate: content,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signature).buffer,
  })
  return { certificate: new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))), key: keys.privateKey }
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
}

function nameOf(commonName: string): Name {
  const part = (type: string, text: string) =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: text }) })])
  return new Name([part(ORGANIZATION, 'Holt'), part(COMMON_NAME, commonName)])
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

/** Positive, and nobody can guess it. */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16))
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes.buffer
}

/** RFC 7093, method 1. */
function keyId(key: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(spkiOf(key), SubjectPublicKeyInfo)
  return new Uint8Array(createHash('sha256').update(Buffer.from(subjectPublicKey)).digest().subarray(0, 20)).buffer
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

/** The names that an authority may speak for. */
export function permittedNames(authority: X509Certificate): string[] {
  const { extensions = [] } = AsnConvert.parse(authority.raw, Certificate).tbsCertificate
  const found = extensions.find(({ extnID }) => extnID === id_ce_nameConstraints)
  if (found === undefined) return []
  const { permittedSubtrees } = AsnConvert.parse(found.extnValue.buffer, NameConstraints)
  return [...(permittedSubtrees ?? [])].flatMap(({ base }) => base.dNSName ?? [])
}
