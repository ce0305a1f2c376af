import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import type { PickerProps } from './power-kinds.tsx'

/** As the node takes it. */
const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[1-9][0-9]{0,4})?$/

/** Which of the hosts that are wished, and which others. */
export function HostsPicker({ wish, grant, onPick }: PickerProps) {
  const words = texts.programs.kinds.hosts
  const id = useId()
  const wished = wish.hosts ?? []
  const given = grant?.kind === 'hosts' ? grant.hosts : []
  const chosen = useSignal<readonly string[]>(wished.filter((host) => given.includes(host)))
  const others = useSignal(given.filter((host) => !wished.includes(host)).join('\n'))
  const wrong = hostsIn(others.value).find((host) => !HOST.test(host))
  const pick = (): void => {
    const more = hostsIn(others.value)
    const hosts = [...new Set([...chosen.value, ...more])]
    onPick(hosts.length === 0 || more.some((host) => !HOST.test(host)) ? null : { kind: 'hosts', name: wish.name, hosts })
  }
  return (
    <div class="power-picker">
      <fieldset class="power-options">
        <legend class="power-question">{words.which}</legend>
        {wished.map((host) => (
          <label key={host} class="checkbox">
            <input
              type="checkbox"
              checked={chosen.value.includes(host)}
              onChange={(event) => {
                chosen.value = event.currentTarget.checked ? [...chosen.value, host] : chosen.value.filter((one) => one !== host)
                pick()
              }}
            />
            <span class="mono">{host}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for={id}>{words.more}</label>
        <div class="field-line">
          <textarea
            id={id}
            rows={2}
            value={others.value}
            autocapitalize="off"
            autocomplete="off"
            spellcheck={false}
            aria-describedby={`${id}-hint`}
            aria-invalid={wrong !== undefined ? true : undefined}
            onInput={(event) => {
              others.value = event.currentTarget.value
              pick()
            }}
          />
        </div>
        <p id={`${id}-hint`} class={wrong === undefined ? 'field-hint' : 'field-error'} aria-live="polite">
          {wrong === undefined ? words.moreHint : words.wrong(wrong)}
        </p>
      </div>
    </div>
  )
}

function hostsIn(typed: string): string[] {
  return typed
    .split(/[\s,]+/)
    .map((host) => host.toLowerCase())
    .filter((host) => host !== '')
}
