import { computed, signal } from '@preact/signals'
import { type PageName, pageNames } from './page-names.ts'

/** The page is one document: which part of it shows stands behind '#', so that links, back and reload work. */
export type Place = { page: 'files'; path: string } | { page: Exclude<PageName, 'files'>; path?: string }

const hash = signal(window.location.hash)
window.addEventListener('hashchange', () => {
  hash.value = window.location.hash
})

export const place = computed<Place>(() => parsePlace(hash.value))

export function hrefOf({ page, path = '/' }: Place): string {
  return `#/${page}${path === '/' ? '' : path.split('/').map(encodeURIComponent).join('/')}`
}

export function go(target: Place): void {
  window.location.hash = hrefOf(target)
}

/** The code that the link of an invitation carries; null at any other place. */
export const invitation = computed<string | null>(() => /^#\/invited\/([\w-]{1,64})$/.exec(hash.value)?.[1] ?? null)

function parsePlace(text: string): Place {
  const [page = '', ...names] = text.replace(/^#\/?/, '').split('/')
  const path = `/${names.map(decode).filter(Boolean).join('/')}`
  return { page: pageNames.find((name): name is PageName => name === page) ?? 'home', path }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
