import { setFormats } from '../format.ts'
import { en } from './en/index.ts'

/** What every language has to say. A text that one of them lacks does not compile. */
export type Texts = typeof en

/** Everything the page says, in the language that is shown: read it while rendering, never keep it. */
export let texts: Texts = en

setFormats(en.formats)

/** Speaks another language from the next rendering on. */
export function setTexts(next: Texts): void {
  texts = next
  setFormats(next.formats)
}
