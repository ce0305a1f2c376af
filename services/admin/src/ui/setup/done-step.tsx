import { Icon } from '../parts/icons.tsx'
import { AuthorityHint } from '../secure/authority.tsx'
import { readSession } from '../state/session.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts.ts'

const words = texts.setup.done

export function DoneStep() {
  return (
    <div class="all-set">
      <span class="all-set-mark">
        <Icon name="check" size={40} />
      </span>
      <h1>{words.title}</h1>
      <p class="lead">{words.text}</p>
      <p class="faint">{words.keep}</p>
      <button type="button" class="button primary wide" onClick={() => readSession().catch(toastRefusal)}>
        {words.button}
      </button>
      <AuthorityHint />
    </div>
  )
}
