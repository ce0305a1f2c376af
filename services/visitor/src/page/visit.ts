import { computed, signal } from '@preact/signals'
import type { HoltError } from '@holt/core/errors.ts'
import { toHoltError } from '@holt/core/errors.ts'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { hashFor, parseLink } from './link.ts'
import { type Opened, openLink } from './open-link.ts'

type Visit = { state: 'opening' } | { state: 'open'; opened: Opened } | { state: 'no-secret' } | { state: 'refused'; error: HoltError }

/** What the page shows: opened when it is loaded, when another link is put into the address, and when the visitor asks again. */
export const visit = signal<Visit>({ state: 'opening' })

const hash = signal(window.location.hash)
/** Where in what is shared. */
export const placeIn = computed(() => parseLink(hash.value)?.path ?? '/')

let secretText = ''

window.addEventListener('hashchange', () => {
  hash.value = window.location.hash
  if (hash.value.split('/')[0] !== secretText) void open()
})

export async function open(): Promise<void> {
  secretText = window.location.hash.split('/')[0] as string
  const link = parseLink(window.location.hash)
  if (link === null) {
    visit.value = { state: 'no-secret' }
    return
  }
  visit.value = { state: 'opening' }
  const address = new URL('../', window.location.href.split('#')[0]).href
  try {
    visit.value = { state: 'open', opened: await openLink(link.secret, { crypto: webCrypto, address }) }
  } catch (error) {
    visit.value = { state: 'refused', error: toHoltError(error) }
  }
}

export function hrefOf(path: string): string {
  return hashFor(hash.value, path)
}
