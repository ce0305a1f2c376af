import { useSignal } from '@preact/signals'
import { securityApi, type TokenCall } from '../api/security-calls.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Choice, Switch } from '../parts/inputs.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { ShownOnce } from './shown-once.tsx'
import { tokens } from './state.ts'
import { WishForm } from './wish-form.tsx'

const ofOwner: readonly TokenCall[] = ['files', 'events', 'storage', 'jobs', 'machine', 'network', 'box']
const ofOthers: readonly TokenCall[] = ['files', 'events']
const spans = { month: 30 * 24, year: 365 * 24, ever: null } as const
type Span = keyof typeof spans

/** Makes a token and shows it, once. */
export function TokenDialog({ isOwner, onClose }: { isOwner: boolean; onClose: () => void }) {
  const name = useSignal('')
  const write = useSignal(false)
  const calls = useSignal<TokenCall[]>(['files'])
  const path = useSignal('')
  const span = useSignal<Span>('year')
  const secret = useSignal<string | null>(null)
  const action = useAction(async () => {
    const paths = path.value.trim() === '' ? null : [path.value.trim()]
    const wish = { name: name.value.trim(), write: write.value, calls: calls.value, paths, hours: spans[span.value] }
    const { token, info } = await securityApi.makeToken(wish)
    tokens.value = [info, ...tokens.value]
    secret.value = token
  })
  const toggle = (call: TokenCall, on: boolean): void => {
    calls.value = on ? [...calls.value, call] : calls.value.filter((one) => one !== call)
  }
  return (
    <Dialog title={secret.value === null ? texts.security.tokens.make : texts.security.tokens.madeTitle} onClose={onClose}>
      {secret.value !== null ? (
        <ShownOnce label={texts.security.tokens.secret} value={secret.value} onClose={onClose}>
          <p class="faint">{texts.security.tokens.howTo}</p>
        </ShownOnce>
      ) : (
        <WishForm
          label={texts.security.tokens.name}
          name={name}
          button={texts.security.tokens.button}
          action={action}
          incomplete={calls.value.length === 0}
          onClose={onClose}
        >
          <fieldset class="guard-grants">
            <legend>{texts.security.tokens.callsLegend}</legend>
            {(isOwner ? ofOwner : ofOthers).map((call) => (
              <label key={call} class="checkbox">
                <input
                  type="checkbox"
                  checked={calls.value.includes(call)}
                  onChange={(event) => toggle(call, event.currentTarget.checked)}
                />
                <span>{texts.security.tokens.calls[call]}</span>
              </label>
            ))}
          </fieldset>
          <Switch label={texts.security.tokens.write} value={write.value} onChange={(value) => (write.value = value)} />
          <Field
            label={texts.security.tokens.path}
            hint={texts.security.tokens.pathHint}
            value={path.value}
            onInput={(value) => (path.value = value)}
            placeholder={texts.security.share.placeholder}
          />
          <Choice
            label={texts.security.tokens.span}
            value={span.value}
            texts={texts.security.tokens.spans}
            onChoose={(value) => (span.value = value)}
          />
        </WishForm>
      )}
    </Dialog>
  )
}
