import { useSignal } from '@preact/signals'
import { api, type SshStatus } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Switch } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { Part } from './part.tsx'
import { access, readAccess } from './state.ts'
import { texts } from '../texts/texts.ts'

export function SshCard() {
  return (
    <Part title={texts.box.ssh.title} from="access" shown={access.value?.ssh ?? null}>
      {(ssh) => <SshForm ssh={ssh} />}
    </Part>
  )
}

interface Draft {
  enabled: boolean
  keys: string[]
}

function SshForm({ ssh }: { ssh: SshStatus }) {
  const draft = useSignal<Draft | null>(null)
  const now: Draft = { enabled: ssh.enabled, keys: ssh.keys.map(({ text }) => text) }
  const shown = draft.value ?? now
  const edit = (part: Partial<Draft>): void => {
    const next = { ...shown, ...part }
    draft.value = JSON.stringify(next) === JSON.stringify(now) ? null : next
  }
  const action = useAction(async () => {
    await api.setSsh(shown)
    await readAccess()
    draft.value = null
    toast('done', texts.box.ssh.saved)
  })
  const nobody = shown.enabled && shown.keys.length === 0
  return (
    <>
      <p class="lead">{texts.box.ssh.text}</p>
      <Switch
        label={texts.box.ssh.enabled}
        value={shown.enabled}
        onChange={(enabled) => edit({ enabled })}
        error={nobody ? texts.box.ssh.needed : null}
      />
      {ssh.running && draft.value === null && <HowTo hostKey={ssh.hostKey} />}
      <h3>{texts.box.ssh.keys}</h3>
      <Keys keys={shown.keys} known={ssh.keys} onRemove={(key) => edit({ keys: shown.keys.filter((one) => one !== key) })} />
      <KeyAdder onAdd={(key) => edit({ keys: [...shown.keys.filter((one) => one !== key), key] })} />
      {draft.value !== null && (
        <form onSubmit={action.run}>
          {action.error.value !== null && <Notice kind="bad">{action.error.value}</Notice>}
          <div class="box-buttons">
            <button type="button" class="button" onClick={() => (draft.value = null)}>
              {texts.box.ssh.discard}
            </button>
            <button type="submit" class="button primary" disabled={action.busy.value || nobody}>
              {texts.box.ssh.save}
            </button>
          </div>
        </form>
      )}
    </>
  )
}

function HowTo({ hostKey }: { hostKey: string | null }) {
  return (
    <dl class="facts stacked">
      <div>
        <dt>{texts.box.ssh.command}</dt>
        <dd>
          <code>ssh owner@{window.location.hostname}</code>
        </dd>
      </div>
      {hostKey !== null && (
        <div>
          <dt>{texts.box.ssh.host}</dt>
          <dd class="mono">{hostKey}</dd>
        </div>
      )}
    </dl>
  )
}

interface KeysProps {
  keys: readonly string[]
  known: SshStatus['keys']
  onRemove: (key: string) => void
}

function Keys({ keys, known, onRemove }: KeysProps) {
  if (keys.length === 0) return <p class="faint">{texts.box.ssh.none}</p>
  return (
    <ul class="item-list">
      {keys.map((key) => {
        const [kind = '', , ...comment] = key.split(' ')
        const name = comment.join(' ') || kind
        return (
          <li key={key} class="item">
            <Icon name="key" />
            <div class="item-words">
              <strong>{name}</strong>
              <p class="faint mono">{known.find(({ text }) => text === key)?.fingerprint ?? kind}</p>
            </div>
            <button type="button" class="button icon-only quiet" aria-label={texts.box.ssh.remove(name)} onClick={() => onRemove(key)}>
              <Icon name="trash" />
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function KeyAdder({ onAdd }: { onAdd: (key: string) => void }) {
  const typed = useSignal('')
  const fault = useSignal<string | null>(null)
  const add = (event: Event): void => {
    event.preventDefault()
    const key = tidyKey(typed.value)
    fault.value = key === null ? (/PRIVATE KEY/.test(typed.value) ? texts.box.ssh.private : texts.box.ssh.wrong) : null
    if (key === null) return
    onAdd(key)
    typed.value = ''
  }
  return (
    <form onSubmit={add}>
      <Field
        label={texts.box.ssh.newKey}
        hint={texts.box.ssh.newKeyHint}
        value={typed.value}
        onInput={(value) => {
          typed.value = value
          fault.value = null
        }}
        error={fault.value}
        maxLength={4096}
        mono
      />
      <div class="box-buttons">
        <button type="submit" class="button" disabled={typed.value.trim() === ''}>
          <Icon name="plus" />
          {texts.box.ssh.add}
        </button>
      </div>
    </form>
  )
}

/** As the box takes it: kind, key, and of the comment what every terminal can show. */
export function tidyKey(typed: string): string | null {
  const [kind = '', key = '', ...comment] = typed.trim().split(/\s+/)
  if (!/^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+$/.test(kind) || !/^AAAA[A-Za-z0-9+/]{28,}={0,2}$/.test(key)) return null
  const plain = comment
    .join(' ')
    .replace(/[^ -~]/g, '?')
    .slice(0, 100)
  return [kind, key, plain].filter(Boolean).join(' ')
}
