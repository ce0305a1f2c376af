import type { X509Certificate } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { AdminLog } from '../../options.ts'
import { fromPem, type Issued, type Subjects, subjectsOf, toPem } from './certificates.ts'

const DAY_MS = 86_400_000
/** Renewed with a third of its time left: a box that was off for months has a good one again at once. */
const RENEW_PAGE_BEFORE_MS = 130 * DAY_MS
/** No page certificate may outlive the authority. */
const RENEW_AUTHORITY_BEFORE_MS = 400 * DAY_MS
/** A clock that is wrong until the network has set it must not cost the authority, which people would have to install again. */
const CLOCK_PATIENCE_MS = 60 * 60_000

export interface PageCertificatesParts {
  folder: string
  names: readonly string[]
  /** Under which the page is reached now. */
  addresses: () => readonly string[]
  now: () => number
  /** Since whenever; goes on evenly when somebody sets the clock. */
  elapsedMs: () => number
  log: AdminLog
}

/**
 * The authority of this node and the certificate of its page, each with its key in a file for the owner of the process only. What is missing,
 * damaged, nearly over or of the wrong names is made anew; the log says so, since an authority that is new has to be installed again.
 */
export class PageCertificates {
  readonly #parts: PageCertificatesParts
  #authority: Issued | null = null
  #page: Issued | null = null
  /** Since when the authority seems to be nearly over. */
  #overSinceMs: number | null = null

  constructor(parts: PageCertificatesParts) {
    this.#parts = parts
  }

  /** Makes everything good. @returns the certificate of the page when it is another one than before, else null. */
  async refresh(): Promise<Issued | null> {
    const wanted: Subjects = { names: this.#parts.names, addresses: [...new Set(this.#parts.addresses())].sort() }
    const [authority, page] = [this.#authority ?? (await this.#read('authority.pem')), this.#page ?? (await this.#read('page.pem'))]
    const isGood = authority !== null && page !== null && this.#faultOf(authority) === null && this.#isGoodPage(page, authority, wanted)
    if (!isGood) return await this.#makePage(await this.#goodAuthority(authority), wanted)
    const isNew = this.#page !== page
    this.#authority = authority
    this.#page = page
    return isNew ? page : null
  }

  /** @returns null before the first `refresh`. */
  get authority(): { der: Uint8Array; fingerprint: string; validTo: string } | null {
    if (this.#authority === null) return null
    const { raw, fingerprint256, validTo } = this.#authority.certificate
    return { der: raw, fingerprint: fingerprint256, validTo: new Date(validTo).toISOString() }
  }

  get page(): Issued | null {
    return this.#page
  }

  async #makePage(authority: Issued, wanted: Subjects): Promise<Issued> {
    const { makePageCertificate } = await import('./make-certificates.ts')
    const made = makePageCertificate(authority, wanted, new Date(this.#parts.now()))
    await this.#write('page.pem', made)
    this.#page = made
    const covers = [...wanted.names, ...wanted.addresses].join(', ')
    this.#parts.log.info(`the page has a new certificate for ${covers}, until ${dayOf(made.certificate.validTo)}`)
    return made
  }

  /** The one that is kept, or a new one. */
  async #goodAuthority(kept: Issued | null): Promise<Issued> {
    const { makeAuthority, permittedNames } = await import('./make-certificates.ts')
    const mayNot = (authority: Issued): string | null => {
      const permitted = permittedNames(authority.certificate)
      const missing = this.#parts.names.filter((name) => !permitted.includes(name))
      return missing.length > 0 ? `the one here may not speak for ${missing.join(', ')}` : null
    }
    const fault = kept === null ? 'there was none' : (this.#faultOf(kept) ?? mayNot(kept))
    if (kept !== null && fault === null) {
      this.#authority = kept
      return kept
    }
    const made = makeAuthority(this.#parts.names, new Date(this.#parts.now()))
    await this.#write('authority.pem', made)
    this.#authority = made
    this.#parts.log.warn(`a new authority for HTTPS (${fault}); devices have to install it: SHA-256 ${made.certificate.fingerprint256}`)
    return made
  }

  #faultOf({ certificate }: Issued): string | null {
    if (!certificate.ca || !certificate.verify(certificate.publicKey)) return 'the one here was none'
    return this.#isOver(certificate) ? 'the one here is nearly over' : null
  }

  #isOver({ validTo }: X509Certificate): boolean {
    const elapsedMs = this.#parts.elapsedMs()
    if (Date.parse(validTo) - this.#parts.now() >= RENEW_AUTHORITY_BEFORE_MS) this.#overSinceMs = null
    else this.#overSinceMs ??= elapsedMs
    return this.#overSinceMs !== null && elapsedMs - this.#overSinceMs >= CLOCK_PATIENCE_MS
  }

  #isGoodPage({ certificate }: Issued, authority: Issued, wanted: Subjects): boolean {
    const now = this.#parts.now()
    if (!certificate.checkIssued(authority.certificate) || !certificate.verify(authority.certificate.publicKey)) return false
    if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) - now < RENEW_PAGE_BEFORE_MS) return false
    const has = subjectsOf(certificate)
    const all = ({ names, addresses }: Subjects): string => JSON.stringify([[...names].sort(), [...addresses].sort()])
    return all(has) === all(wanted)
  }

  /** null when it is not there or damaged. */
  async #read(name: string): Promise<Issued | null> {
    const path = join(this.#parts.folder, name)
    try {
      const text = await readFile(path, 'utf8')
      await chmod(path, 0o600) // a copy back from somewhere may have opened it
      return fromPem(text)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#parts.log.warn(`${path} is damaged: ${(error as Error).message}`)
      return null
    }
  }

  async #write(name: string, issued: Issued): Promise<void> {
    const { folder } = this.#parts
    const path = join(folder, name)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = await open(`${path}.new`, 'w', 0o600)
    try {
      await file.chmod(0o600)
      await file.writeFile(toPem(issued))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
  }
}

function dayOf(validTo: string): string {
  return new Date(validTo).toISOString().slice(0, 10)
}
