import { Icon } from '../parts/icons.tsx'
import { AuthorityHint } from '../secure/authority.tsx'
import { go } from '../state/location.ts'
import { readSession } from '../state/session.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

export function DoneStep() {
  return (
    <div class="all-set">
      <span class="all-set-mark">
        <Icon name="check" size={40} />
      </span>
      <h1>{texts.setup.done.title}</h1>
      <p class="lead">{texts.setup.done.text}</p>
      <p class="faint">{texts.setup.done.keep}</p>
      <button type="button" class="button primary wide" onClick={openFiles}>
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
