import { useSignal } from '@preact/signals'
import { type AppPasswordInfo, securityApi } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { AppPasswordDialog } from './app-password-dialog.tsx'
import { CopyField } from './copy-field.tsx'
import { Part, Row } from './part.tsx'
import { webdav } from './state.ts'

/** Where programs of computers and telephones connect, and the passwords they have. */
export function WebdavCard() {
  const making = useSignal(false)
  return (
    <Part id="webdav" title={texts.security.webdav.title} text={texts.security.webdav.text}>
      {webdav.value.url !== '' && <CopyField label={texts.security.webdav.address} value={webdav.value.url} />}
      <ul class="guard-list">
        {webdav.value.passwords.map((password) => (
          <PasswordRow key={password.id} password={password} />
        ))}
      </ul>
      <button type="button" class="button" onClick={() => (making.value = true)}>
        <Icon name="plus" />
        {texts.security.webdav.make}
      </button>
      {making.value && <AppPasswordDialog onClose={() => (making.value = false)} />}
    </Part>
  )
}

function PasswordRow({ password: { id, name, path, write, usedMs } }: { password: AppPasswordInfo }) {
  const action = useAction(async () => {
    await securityApi.revokeAppPassword(id)
    webdav.value = { ...webdav.value, passwords: webdav.value.passwords.filter((one) => one.id !== id) }
    toast('done', texts.security.webdav.revoked(name))
  })
  const facts = [
    write ? texts.security.share.write : texts.security.share.read,
    path === '/' ? texts.security.webdav.everything : path,
    `${id}-…`,
    usedMs === null ? texts.security.neverUsed : texts.security.used(dateText(usedMs / 1000)),
  ]
  return (
    <Row title={name} facts={facts.join(' · ')}>
      <button
        type="button"
        class="button quiet"
        disabled={action.busy.value}
        onClick={() => action.run()}
        aria-label={texts.security.webdav.revokeOf(name)}
      >
        {texts.security.tokens.revoke}
      </button>
    </Row>
  )
}
