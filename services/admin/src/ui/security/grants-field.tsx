import { type Signal, useSignal } from '@preact/signals'
import type { Grant } from '../api/security-calls.ts'
import { Field } from '../parts/field.tsx'
import { Switch } from '../parts/inputs.tsx'
import { texts } from '../texts/texts.ts'

/** Folders that somebody sees: typed, each with whether it may be changed. */
export function GrantsField({ given, mayWrite }: { given: Signal<Grant[]>; mayWrite: boolean }) {
  const path = useSignal('')
  const write = useSignal(false)
  const wrong = path.value !== '' && !path.value.startsWith('/')
  const add = (): void => {
    const tidy = path.value.replace(/\/+$/, '') || '/'
    given.value = [...given.value.filter((one) => one.path !== tidy), { path: tidy, write: mayWrite && write.value }]
    path.value = ''
    write.value = false
  }
  return (
    <fieldset class="guard-grants">
      <legend>{texts.security.share.legend}</legend>
      <ul class="guard-list">
        {given.value.map((one) => (
          <li key={one.path} class="guard-row">
            <span class="guard-what mono">{one.path}</span>
            <span class="faint">{one.write && mayWrite ? texts.security.share.write : texts.security.share.read}</span>
            <button
              type="button"
              class="button quiet"
              onClick={() => (given.value = given.value.filter((other) => other !== one))}
              aria-label={texts.security.share.dropOf(one.path)}
            >
              {texts.security.remove}
            </button>
          </li>
        ))}
      </ul>
      <Field
        label={texts.security.share.path}
        hint={texts.security.share.pathHint}
        value={path.value}
        onInput={(value) => (path.value = value)}
        error={wrong ? texts.security.share.pathWrong : null}
        placeholder={texts.security.share.placeholder}
      />
      {mayWrite && <Switch label={texts.security.share.mayWrite} value={write.value} onChange={(value) => (write.value = value)} />}
      <button type="button" class="button" disabled={path.value === '' || wrong} onClick={add}>
        {texts.security.share.add}
      </button>
    </fieldset>
  )
}
