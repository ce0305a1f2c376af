import { useSignal } from '@preact/signals'
import type { WriteRight } from '../api/folder-calls.ts'
import { Field } from '../parts/field.tsx'
import { Choice } from '../parts/inputs.tsx'
import { expiryOf, type Span } from '../share/state.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

type Depth = '0' | '1' | '2'

/** Where, how long, and whether it may be handed on. */
export function RightForm({
  path: asked,
  most = 2,
  button,
  onDone,
  onCancel,
}: {
  path: string
  /** How often it may be handed on at most. */
  most?: number
  button: string
  onDone: (right: WriteRight) => Promise<void>
  onCancel: () => void
}) {
  const path = useSignal(asked)
  const span = useSignal<Span>('month')
  const depth = useSignal<Depth>('0')
  const depths = Object.fromEntries(Object.entries(texts.shared.depths).filter(([times]) => Number(times) <= most)) as Record<Depth, string>
  const give = useAction(async () => {
    const wanted = path.value.trim()
    const inside = wanted.startsWith('/') ? wanted : `/${wanted}`
    await onDone({ path: inside, expires: expiryOf(span.value), depth: Number(depth.value) })
  })
  return (
    <form class="shared-right" onSubmit={give.run}>
      <Field
        label={texts.shared.where}
        hint={texts.shared.whereHint}
        error={give.error.value}
        value={path.value}
        onInput={(typed) => (path.value = typed)}
        maxLength={512}
        focus
      />
      <Choice label={texts.shared.howLong} value={span.value} texts={texts.share.spans} onChoose={(chosen) => (span.value = chosen)} />
      {most > 0 && (
        <Choice
          label={texts.shared.handedOn}
          hint={texts.shared.handedOnHint}
          value={depth.value}
          texts={depths}
          onChoose={(chosen) => (depth.value = chosen)}
        />
      )}
      <div class="shared-buttons">
        <button type="submit" class="button primary" disabled={give.busy.value}>
          {button}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {texts.common.cancel}
        </button>
      </div>
    </form>
  )
}
