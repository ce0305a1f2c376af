import { signal } from '@preact/signals'
import { en } from './en/index.ts'
import { setTexts, type Texts } from './texts.ts'

interface Language {
  /** How it calls itself. */
  name: string
  direction: 'ltr' | 'rtl'
  load: () => Promise<Texts>
}

/** Those the page speaks. English comes with the page, and is what is shown when another cannot be loaded. */
export const languages = {
  en: { name: 'English', direction: 'ltr', load: () => Promise.resolve(en) },
  de: { name: 'Deutsch', direction: 'ltr', load: () => import('./de/index.ts').then(({ de }) => de) },
} as const satisfies Record<string, Language>

export type LanguageTag = keyof typeof languages

const REMEMBERED = 'holt-language'

/** The language shown. What is on the page is rendered anew when it changes. */
export const language = signal<LanguageTag>('en')

/** The first language of the browser that the page speaks; what was chosen on this device comes before. */
export function preferredLanguage(wanted: readonly string[], remembered: string | null): LanguageTag {
  if (isLanguage(remembered)) return remembered
  return wanted.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en'
}

function isLanguage(tag: string | null | undefined): tag is LanguageTag {
  return typeof tag === 'string' && Object.hasOwn(languages, tag)
}

/** Shows the language that suits this browser. The page is rendered after it, so that it never changes under one's eyes. */
export async function startLanguage(): Promise<void> {
  const tag = preferredLanguage(navigator.languages, remembered())
  await showLanguage(tag).catch(() => showLanguage('en'))
}

/** Shows a language and remembers it on this device. */
export async function chooseLanguage(tag: LanguageTag): Promise<void> {
  await showLanguage(tag)
  try {
    localStorage.setItem(REMEMBERED, tag)
  } catch {
    // a browser that keeps nothing asks its own settings the next time
  }
}

async function showLanguage(tag: LanguageTag): Promise<void> {
  setTexts(await languages[tag].load())
  document.documentElement.lang = tag
  document.documentElement.dir = languages[tag].direction
  language.value = tag
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED)
  } catch {
    return null
  }
}
