import { useRef } from 'preact/hooks'
import { chosenFiles } from '../files/incoming.ts'
import { upload } from '../files/uploads.ts'
import { Icon } from '../parts/icons.tsx'
import { AuthorityHint } from '../secure/authority.tsx'
import { go } from '../state/location.ts'
import { readSession } from '../state/session.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

/** The end of the set-up is the beginning of something: the first photos, from whatever device this is. */
export function DoneStep() {
  const photos = useRef<HTMLInputElement>(null)
  const take = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement
    if (input.files === null || input.files.length === 0) return
    upload('/', chosenFiles(input.files))
    openFiles()
  }
  return (
    <div class="all-set">
      <span class="all-set-mark">
        <Icon name="check" size={40} />
      </span>
      <h1>{texts.setup.done.title}</h1>
      <p class="lead">{texts.setup.done.text}</p>
      <p class="faint">{texts.setup.done.keep}</p>
      <button type="button" class="button primary wide" onClick={() => photos.current?.click()}>
        <Icon name="image" />
        {texts.setup.done.photos}
      </button>
      <input
        ref={photos}
        type="file"
        multiple
        accept="image/*,video/*"
        class="hidden"
        tabIndex={-1}
        aria-label={texts.setup.done.photos}
        data-upload="first"
        onChange={take}
      />
      <button type="button" class="button wide" onClick={openFiles}>
        {texts.setup.done.button}
      </button>
      <AuthorityHint />
    </div>
  )
}

function openFiles(): void {
  go({ page: 'files', path: '/' })
  readSession().catch(toastRefusal)
}
