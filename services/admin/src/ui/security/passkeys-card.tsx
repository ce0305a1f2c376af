import { useSignal } from '@preact/signals'
import { type PasskeyInfo, securityApi } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { Part, Row } from './part.tsx'
import { passkeys } from './state.ts'
import { makePasskey, passkeysWork } from './use-passkey.ts'

export function PasskeysCard() {
  return (
    <Part id="passkeys" title={texts.security.passkeys.title} text={texts.security.passkeys.text}>
      <ul class="guard-list">
        {passkeys.value.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} />
        ))}
      </ul>
      {passkeysWork() ? <NewPasskey /> : <Notice>{texts.security.passkeys.notHere}</Notice>}
    </Part>
  )
}

function PasskeyRow({ passkey: { id, name, page, createdMs, usedMs } }: { passkey: PasskeyInfo }) {
  const action = useAction(async () => {
    await securityApi.removePasskey(id)
    passkeys.value = passkeys.value.filter((one) => one.id !== id)
    toast('done', texts.security.passkeys.removed(name))
  })
  const used = usedMs === null ? texts.security.neverUsed : texts.security.used(dateText(usedMs / 1000))
  return (
    <Row title={name} facts={`${page} · ${texts.security.made(dateText(createdMs / 1000))} · ${used}`}>
      <button
        type="button"
        class="button quiet"
        disabled={action.busy.value}
        onClick={() => action.run()}
        aria-label={texts.security.passkeys.removeOf(name)}
      >
        {texts.security.remove}
      </button>
    </Row>
  )
}

function NewPasskey() {
  const name = useSignal('')
  const action = useAction(async () => {
    const options = await securityApi.newPasskeyOptions()
    const made = await makePasskey(options, texts.shell.product)
    const passkey = await securityApi.addPasskey({ name: name.value.trim(), ...made })
    passkeys.value = [...passkeys.value, passkey]
    name.value = ''
    toast('done', texts.security.passkeys.added)
  })
  return (
    <form class="guard-form" onSubmit={action.run}>
      <Field
        label={texts.security.passkeys.name}
        hint={texts.security.passkeys.nameHint}
        value={name.value}
        onInput={(value) => (name.value = value)}
        error={action.error.value}
        maxLength={64}
      />
      <button type="submit" class="button primary" disabled={action.busy.value || name.value.trim() === ''}>
        <Icon name="plus" />
        {texts.security.passkeys.add}
      </button>
    </form>
  )
}
