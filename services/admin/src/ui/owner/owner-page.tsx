import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type Status } from '../api/calls.ts'
import { bytesText, durationText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { Notice } from '../parts/notice.tsx'
import { saveFile } from '../save-file.ts'
import { AuthorityCard } from '../secure/authority.tsx'
import { NewPassword } from '../setup/new-password.tsx'
import { SharesCard } from '../share/share-list.tsx'
import { signOut } from '../state/sign-out.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { PasswordCard } from './password-card.tsx'

export function OwnerPage() {
  const status = useSignal<Status | null>(null)
  useEffect(() => {
    api.status().then((answer) => {
      status.value = answer
    }, toastRefusal)
  }, [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.owner.title}</h1>
        <div class="actions phone-only">
          <button type="button" class="button" onClick={leave}>
            <Icon name="signOut" />
            {texts.shell.nav.signOut}
          </button>
        </div>
      </header>
      <div class="owner">
        {status.value && <NodeCard status={status.value} />}
        <KeyCard backedUp={status.value?.keyBackedUp ?? true} />
        <PasswordCard />
        <SharesCard />
        <AuthorityCard />
        <section class="card">
          <h2>{texts.shell.language}</h2>
          <p class="lead">{texts.owner.languageText}</p>
          <LanguageChoice />
        </section>
      </div>
    </>
  )
}

function KeyCard({ backedUp }: { backedUp: boolean }) {
  const passphrase = useSignal('')
  const fits = useSignal(false)
  const round = useSignal(0)
  const action = useAction(async () => {
    saveFile(await api.backUpKey(passphrase.value), 'holt-root-key.age')
    toast('done', texts.owner.keySaved)
    passphrase.value = ''
    round.value++
  })
  return (
    <form class="card" onSubmit={action.run}>
      <h2>{texts.owner.key}</h2>
      {backedUp ? <p class="lead">{texts.owner.keyText}</p> : <Notice kind="warn">{texts.owner.keyMissing}</Notice>}
      <NewPassword
        key={round.value}
        label={texts.owner.keyPassphrase}
        hint={texts.setup.backup.hint}
        repeatLabel={texts.setup.backup.repeat}
        value={passphrase}
        fits={fits}
      />
      {action.error.value !== null && <Notice kind="bad">{action.error.value}</Notice>}
      <button type="submit" class="button primary" disabled={action.busy.value || !fits.value}>
        <Icon name="download" />
        {texts.owner.keyButton}
      </button>
    </form>
  )
}

function NodeCard({ status }: { status: Status }) {
  return (
    <section class="card">
      <h2>{texts.owner.node}</h2>
      <dl class="facts">
        <div>
          <dt>{texts.owner.version}</dt>
          <dd>{status.version}</dd>
        </div>
        <div>
          <dt title={texts.owner.principalTerm}>{texts.owner.principal}</dt>
          <dd class="mono">{status.principal}</dd>
        </div>
        <div>
          <dt>{texts.owner.dataFolder}</dt>
          <dd class="mono">{status.dataFolder}</dd>
        </div>
        <div>
          <dt>{texts.owner.uptime}</dt>
          <dd>{durationText(status.uptimeSeconds)}</dd>
        </div>
        <div>
          <dt>{texts.owner.memory}</dt>
          <dd>{bytesText(status.memory.rssBytes)}</dd>
        </div>
      </dl>
    </section>
  )
}

function leave(): void {
  signOut().catch(toastRefusal)
}
