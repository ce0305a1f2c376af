import type { Signal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { DriveSuggestion } from '../api/calls.ts'
import { Choice } from '../parts/inputs.tsx'
import { texts } from '../texts/texts.ts'

interface HowToMoveProps {
  /** Where to copy to; '' is this box itself; null: the drives are used as they are. */
  copyTo: Signal<string | null>
  /** Other drives than those that are moved from. */
  suggestions: readonly DriveSuggestion[]
}

/** What shall become of the drives: the one way leaves them as they are, the other writes on them. */
export function HowToMove({ copyTo, suggestions }: HowToMoveProps) {
  const name = useId()
  const targets = Object.fromEntries([['', texts.setup.move.here], ...suggestions.map(({ folder }) => [folder, folder])]) as Record<
    string,
    string
  >
  const way = (copies: boolean, title: string, text: string) => (
    <label class="found-drive">
      <input
        type="radio"
        name={name}
        checked={(copyTo.value !== null) === copies}
        onChange={() => {
          copyTo.value = copies ? '' : null
        }}
      />
      <span class="folder-name">
        <span>{title}</span>
        <span class="faint">{text}</span>
      </span>
    </label>
  )
  return (
    <fieldset class="found-drives ways">
      <legend>{texts.setup.move.how}</legend>
      {way(true, texts.setup.move.copy, texts.setup.move.copyText)}
      {copyTo.value !== null && suggestions.length > 0 && (
        <Choice label={texts.setup.move.to} value={copyTo.value} texts={targets} onChoose={(folder) => (copyTo.value = folder)} />
      )}
      {way(false, texts.setup.move.use, texts.setup.move.useText)}
    </fieldset>
  )
}
