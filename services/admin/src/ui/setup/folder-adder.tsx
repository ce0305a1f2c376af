import { useSignal } from '@preact/signals'
import type { DriveSuggestion } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

interface FolderAdderProps {
  suggestions: readonly DriveSuggestion[]
  onAdd: (folder: string) => Promise<void>
  focus?: boolean
  /** Other words than those for a new drive. */
  label?: string
  hint?: string
  button?: string
}

/** A folder typed by its full path, or taken from those that were found. */
export function FolderAdder({ suggestions, onAdd, focus, ...words }: FolderAdderProps) {
  const folder = useSignal('')
  const action = useAction(async () => {
    await onAdd(folder.value.trim())
    folder.value = ''
  })
  return (
    <form class="folder-adder" onSubmit={action.run}>
      <div class="field-with-button">
        <Field
          label={words.label ?? texts.setup.drives.label}
          hint={words.hint ?? texts.setup.drives.hint}
          placeholder={texts.setup.drives.placeholder}
          value={folder.value}
          onInput={(value) => (folder.value = value)}
          error={action.error.value}
          mono
          focus={focus}
        />
        <button type="submit" class="button" disabled={action.busy.value || folder.value.trim() === ''}>
          <Icon name="plus" />
          {words.button ?? texts.setup.drives.add}
        </button>
      </div>
      {suggestions.length > 0 && (
        <fieldset class="suggestions">
          <legend>{texts.setup.drives.found}</legend>
          {suggestions.map((suggestion) => (
            <button
              key={suggestion.folder}
              type="button"
              class="suggestion"
              disabled={action.busy.value}
              onClick={() => {
                folder.value = suggestion.folder
                action.run()
              }}
            >
              <Icon name="plus" size={16} />
              <span class="mono">{suggestion.folder}</span>
              <span class="faint">{texts.setup.drives.free(suggestion.freeBytes)}</span>
            </button>
          ))}
        </fieldset>
      )}
    </form>
  )
}
