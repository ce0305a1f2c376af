import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

/** By the code that another node of the owner shows, this one gets the root key, and all files with it. */
export function JoinStep({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const code = useSignal('')
  const place = useSignal('')
  const words = texts.setup.join
  const action = useAction(async () => {
    await api.joinOwner(code.value.trim(), place.value.trim())
    onDone()
  })
  return (
    <form onSubmit={action.run}>
      <h1>{words.title}</h1>
      <p class="lead">{words.text}</p>
      <Field
        label={words.code}
        hint={words.codeHint}
        value={code.value}
        onInput={(typed) => (code.value = typed)}
        error={action.error.value}
        maxLength={2048}
        mono
        focus
      />
      <details class="friend-places">
        <summary>{words.far}</summary>
        <Field
          label={words.address}
          hint={texts.setup.restore.friendHint}
          value={place.value}
          onInput={(typed) => (place.value = typed)}
          maxLength={300}
          mono
        />
      </details>
      {action.busy.value && <Notice kind="info">{words.working}</Notice>}
      <div class="buttons">
        <button type="button" class="button" onClick={onBack} disabled={action.busy.value}>
          {texts.common.back}
        </button>
        <button type="submit" class="button primary grow" disabled={action.busy.value || code.value.trim() === ''}>
          {words.button}
        </button>
      </div>
    </form>
  )
}
