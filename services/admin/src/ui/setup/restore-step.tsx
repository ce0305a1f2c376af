import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

const MAX_FILE_BYTES = 48 * 1024

export function RestoreStep({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const from = useSignal<'words' | 'file'>('words')
  return (
    <>
      <h1>{texts.setup.restore.title}</h1>
      <div class="segments" role="tablist">
        {(['words', 'file'] as const).map((source) => (
          <button
            key={source}
            type="button"
            role="tab"
            class="segment"
            aria-selected={from.value === source}
            onClick={() => (from.value = source)}
          >
            {texts.setup.restore[source]}
          </button>
        ))}
      </div>
      {from.value === 'words' ? <FromWords onDone={onDone} onBack={onBack} /> : <FromFile onDone={onDone} onBack={onBack} />}
    </>
  )
}

interface SourceProps {
  onDone: () => void
  onBack: () => void
}

function FromWords({ onDone, onBack }: SourceProps) {
  const id = useId()
  const typed = useSignal('')
  const action = useAction(async () => {
    await api.openKey({
      words: typed.value
        .trim()
        .toLowerCase()
        .replace(/[\s,]+/g, ' '),
    })
    onDone()
  })
  const count = typed.value
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean).length
  return (
    <form onSubmit={action.run}>
      <div class="field">
        <label for={id}>{texts.setup.restore.wordsLabel}</label>
        <textarea
          id={id}
          class="mono"
          rows={5}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={action.error.value ? true : undefined}
          aria-describedby={`${id}-hint`}
        />
        <p id={`${id}-hint`} class={action.error.value ? 'field-error' : 'field-hint'} aria-live="polite">
          {action.error.value ?? (count === 0 ? texts.setup.restore.wordsHint : texts.setup.restore.wordsCount(count))}
        </p>
      </div>
      <Buttons onBack={onBack} disabled={action.busy.value || count !== 24} />
    </form>
  )
}

function FromFile({ onDone, onBack }: SourceProps) {
  const id = useId()
  const file = useSignal<File | null>(null)
  const passphrase = useSignal('')
  const action = useAction(async () => {
    if (!file.value) return
    if (file.value.size > MAX_FILE_BYTES) throw new Refusal('KEY_FILE_DAMAGED', 'too large')
    await api.openKey({ fileBase64: base64(new Uint8Array(await file.value.arrayBuffer())), passphrase: passphrase.value })
    onDone()
  })
  return (
    <form onSubmit={action.run}>
      <div class="field">
        <span class="label" id={`${id}-label`}>
          {texts.setup.restore.fileLabel}
        </span>
        <label class="button file-button">
          <Icon name="key" />
          {file.value?.name ?? texts.setup.restore.fileChoose}
          <input
            type="file"
            class="hidden"
            aria-labelledby={`${id}-label`}
            onChange={(event) => {
              file.value = event.currentTarget.files?.[0] ?? null
              action.clear()
            }}
          />
        </label>
      </div>
      <Field
        label={texts.setup.restore.passphrase}
        type="password"
        value={passphrase.value}
        onInput={(value) => (passphrase.value = value)}
        error={action.error.value}
      />
      <Buttons onBack={onBack} disabled={action.busy.value || !file.value || passphrase.value === ''} />
    </form>
  )
}

function Buttons({ onBack, disabled }: { onBack: () => void; disabled: boolean }) {
  return (
    <div class="buttons">
      <button type="button" class="button" onClick={onBack}>
        {texts.common.back}
      </button>
      <button type="submit" class="button primary grow" disabled={disabled}>
        {texts.setup.restore.button}
      </button>
    </div>
  )
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
