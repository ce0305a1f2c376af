import { dismissToast, toasts } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { Icon } from './icons.tsx'

/** Short words about what was done; read out, and gone after a while. */
export function Toaster() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, kind, text, action }) => (
        <div key={id} class={`toast ${kind}`}>
          <Icon name={kind === 'bad' ? 'warning' : 'check'} />
          <span>{text}</span>
          {action && (
            <button
              type="button"
              class="button quiet toast-action"
              onClick={() => {
                dismissToast(id)
                action.run()
              }}
            >
              {action.text}
            </button>
          )}
          <button type="button" class="button icon-only quiet" aria-label={texts.common.dismiss} onClick={() => dismissToast(id)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  )
}
