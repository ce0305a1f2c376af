import { useId } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import type { PickerProps } from './power-kinds.tsx'

/** Who may open its page. */
export function PagePicker({ wish, grant, onPick }: PickerProps) {
  const words = texts.programs.kinds.page
  const group = useId()
  const network = grant?.kind === 'page' && grant.network
  const options = [
    { value: false, label: words.here, hint: words.hereHint },
    { value: true, label: words.network, hint: words.networkHint },
  ]
  return (
    <fieldset class="power-picker power-options">
      <legend class="power-question">{words.who}</legend>
      {options.map(({ value, label, hint }) => (
        <label key={label} class="checkbox">
          <input
            type="radio"
            name={group}
            checked={network === value}
            onChange={() => onPick({ kind: 'page', name: wish.name, network: value })}
          />
          <span>
            {label}
            <span class="field-hint power-hint">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
