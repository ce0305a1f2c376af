import { toastRefusal } from '../state/toasts.ts'
import { chooseLanguage, type LanguageTag, language, languages } from '../texts/language.ts'
import { texts } from '../texts/texts.ts'

/** The languages of the page, each in its own words; what is chosen is remembered on this device. */
export function LanguageChoice() {
  return (
    <div class="languages" role="group" aria-label={texts.shell.language}>
      {(Object.keys(languages) as LanguageTag[]).map((tag) => (
        <button
          key={tag}
          type="button"
          class="language"
          lang={tag}
          aria-pressed={language.value === tag}
          onClick={() => void chooseLanguage(tag).catch(toastRefusal)}
        >
          {languages[tag].name}
        </button>
      ))}
    </div>
  )
}
