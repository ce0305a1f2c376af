import { computed, signal } from '@preact/signals'

/** The page is one document: which part of it shows stands behind '#', so that links, back and reload work. */
export type Place =
  | { page: 'files'; path: string }
  | { page: 'storage' }
  | { page: 'network' }
  | { page: 'box' }
  | { page: 'system' }
  | { page: 'owner' }

const hash = signal(window.location.hash)
window.addEventListener('hashchange', () => {
  hash.value = window.location.hash
})

export const place = computed<Place>(() => parsePlace(hash.value))

export function hrefOf(target: Place): string {
  if (target.page !== 'files') return `#/${target.page}`
  return `#/files${target.path === '/' ? '' : target.path.split('/').map(encodeURIComponent).join('/')}`
}

export function go(target: Place): void {
  window.location.hash = hrefOf(target)
}

function parsePlace(text: string): Place {
  const [page, ...names] = text.replace(/^#\/?/, '').split('/')
  if (page === 'storage' || page === 'network' || page === 'box' || page === 'system' || page === 'owner') return { page }
  return { page: 'files', path: `/${names.map(decode).filter(Boolean).join('/')}` }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
