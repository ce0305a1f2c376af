import { useSignal } from '@preact/signals'
import { api, type NetworkSettings } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { NumberField, Switch } from '../parts/inputs.tsx'
import { QrPicture } from '../parts/qr-picture.tsx'
import { saveFile } from '../save-file.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { draft, edit, faultOf, isChanged, readNetwork, settings, trial } from './state.ts'
import { texts } from '../texts/texts.ts'

export function RemoteCard() {
  const { wireguard } = draft.value as NetworkSettings
  const adding = useSignal(false)
  const change = (part: Partial<typeof wireguard>): void => edit((all) => Object.assign(all.wireguard, part))
  return (
    <section class="card" aria-labelledby="remote-title">
      <h2 id="remote-title">{texts.network.remote.title}</h2>
      <Switch
        label={texts.network.remote.enabled}
        hint={texts.network.remote.hint}
        value={wireguard.enabled}
        onChange={(enabled) => change({ enabled })}
        error={faultOf('wireguard.address')}
      />
      {wireguard.enabled && (
        <>
          <div class="field-row">
            <Field
              label={texts.network.remote.endpoint}
              hint={texts.network.remote.endpointHint}
              value={wireguard.endpoint ?? ''}
              onInput={(endpoint) => change({ endpoint: endpoint === '' ? null : endpoint.toLowerCase() })}
              error={faultOf('wireguard.endpoint')}
              mono
            />
            <NumberField
              label={texts.network.remote.port}
              value={wireguard.port}
              onInput={(port) => change({ port: port ?? 0 })}
              error={faultOf('wireguard.port')}
            />
          </div>
          <h3>{texts.network.remote.phones}</h3>
          <Phones onAdd={() => (adding.value = true)} />
        </>
      )}
      {adding.value && <AddPhoneDialog onClose={() => (adding.value = false)} />}
    </section>
  )
}

/** They change at once, so only while nothing else is open. */
function Phones({ onAdd }: { onAdd: () => void }) {
  const { peers, enabled, endpoint } = (settings.value as NetworkSettings).wireguard
  const ready = enabled && endpoint !== null && !isChanged.value && trial.value === null
  const remove = (name: string): void => {
    api
      .removePhone(name)
      .then(() => readNetwork())
      .then(() => toast('done', texts.network.remote.removed(name)), toastRefusal)
  }
  return (
    <>
      {peers.length === 0 && <p class="faint">{texts.network.remote.none}</p>}
      <ul class="item-list">
        {peers.map(({ name, address }) => (
          <li key={name} class="item">
            <Icon name="phone" />
            <div class="item-words">
              <strong>{name}</strong>
              <p class="faint mono">{address}</p>
            </div>
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={texts.network.remote.remove(name)}
              disabled={!ready}
              onClick={() => remove(name)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" disabled={!ready} onClick={onAdd}>
        <Icon name="plus" />
        {texts.network.remote.add}
      </button>
      {!ready && <p class="field-hint">{texts.network.remote.addHint}</p>}
    </>
  )
}

function AddPhoneDialog({ onClose }: { onClose: () => void }) {
  const name = useSignal('')
  const everything = useSignal(false)
  const made = useSignal<string | null>(null)
  const action = useAction(async () => {
    const { configuration } = await api.addPhone(name.value.trim(), everything.value)
    made.value = configuration
    await readNetwork()
  })
  if (made.value !== null) return <PhoneCode name={name.value} configuration={made.value} onClose={onClose} />
  return (
    <Dialog title={texts.network.remote.add} onClose={onClose}>
      <form onSubmit={action.run}>
        <Field
          label={texts.network.remote.name}
          value={name.value}
          onInput={(value) => (name.value = value)}
          error={action.error.value}
          maxLength={40}
          focus
        />
        <Switch label={texts.network.remote.everything} value={everything.value} onChange={(on) => (everything.value = on)} />
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={action.busy.value || name.value.trim() === ''}>
            {texts.network.remote.make}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function PhoneCode({ name, configuration, onClose }: { name: string; configuration: string; onClose: () => void }) {
  const save = (): void =>
    saveFile(new Blob([configuration], { type: 'text/plain' }), `${name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 15)}.conf`)
  return (
    <Dialog title={texts.network.remote.scan} onClose={onClose}>
      <p>{texts.network.remote.scanText}</p>
      <QrPicture class="phone-code" text={configuration} alt={texts.network.remote.scan} />
      <DialogButtons>
        <button type="button" class="button" onClick={save}>
          <Icon name="download" />
          {texts.network.remote.save}
        </button>
        <button type="button" class="button primary" onClick={onClose}>
          {texts.common.ok}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
