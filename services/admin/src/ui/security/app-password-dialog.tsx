import { useSignal } from '@preact/signals'
import { securityApi } from '../api/security-calls.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Switch } from '../parts/inputs.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { CopyField } from './copy-field.tsx'
import { ShownOnce } from './shown-once.tsx'
import { webdav } from './state.ts'
import { WishForm } from './wish-form.tsx'

/** Makes an app password and shows it, once. */
export function AppPasswordDialog({ onClose }: { onClose: () => void }) {
  const name = useSignal('')
  const path = useSignal('')
  const write = useSignal(true)
  const made = useSignal<string | null>(null)
  const action = useAction(async () => {
    const folder = path.value.trim().replace(/(.)\/+$/, '$1')
    const wish = { name: name.value.trim(), path: folder === '' ? '/' : folder, write: write.value }
    const { password, info } = await securityApi.makeAppPassword(wish)
    webdav.value = { ...webdav.value, passwords: [info, ...webdav.value.passwords] }
    made.value = password
  })
  return (
    <Dialog title={made.value === null ? texts.security.webdav.make : texts.security.webdav.madeTitle} onClose={onClose}>
      {made.value !== null ? (
        <ShownOnce label={texts.security.webdav.password} value={made.value} onClose={onClose}>
          <CopyField label={texts.security.webdav.address} value={webdav.value.url} />
          <p class="faint">{texts.security.webdav.howTo}</p>
        </ShownOnce>
      ) : (
        <WishForm label={texts.security.webdav.name} name={name} button={texts.security.tokens.button} action={action} onClose={onClose}>
          <Field
            label={texts.security.tokens.path}
            hint={texts.security.tokens.pathHint}
            value={path.value}
            onInput={(value) => (path.value = value)}
            placeholder={texts.security.share.placeholder}
          />
          <Switch label={texts.security.tokens.write} value={write.value} onChange={(value) => (write.value = value)} />
        </WishForm>
      )}
    </Dialog>
  )
}
