import type { NetworkSettings } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Choice, NumberField, Switch } from '../parts/inputs.tsx'
import { draft, edit, faultOf } from './state.ts'
import { texts } from '../texts/texts.ts'

type Forward = NetworkSettings['forwards'][number]

export function ForwardsCard() {
  const { forwards } = draft.value as NetworkSettings
  return (
    <section class="card" aria-labelledby="forwards-title">
      <h2 id="forwards-title">{texts.network.forwards.title}</h2>
      <p class="lead">{texts.network.forwards.hint}</p>
      {forwards.length === 0 && <p class="faint">{texts.network.forwards.none}</p>}
      <ul class="item-list">
        {forwards.map((forward, at) => (
          // they have no name of their own before one is typed
          <ForwardRow key={at} forward={forward} at={at} />
        ))}
      </ul>
      <button type="button" class="button" onClick={add}>
        <Icon name="plus" />
        {texts.network.forwards.add}
      </button>
    </section>
  )
}

function add(): void {
  edit((all) => {
    const prefix = all.lan.address.replace(/\d+$/, '')
    all.forwards.push({
      name: `Port ${all.forwards.length + 1}`,
      enabled: true,
      protocol: 'tcp',
      port: 8080,
      lastPort: null,
      toAddress: all.lan.reservations[0]?.address ?? `${prefix}10`,
      toPort: 80,
    })
  })
}

function ForwardRow({ forward, at }: { forward: Forward; at: number }) {
  const change = (part: Partial<Forward>): void => edit((all) => Object.assign(all.forwards[at] as Forward, part))
  const fault = (field: keyof Forward): string | null => faultOf(`forwards.${at}.${field}`)
  return (
    <li class="item tall">
      <div class="item-words">
        <div class="field-row">
          <Field
            label={texts.network.forwards.name}
            value={forward.name}
            onInput={(name) => change({ name })}
            error={fault('name')}
            maxLength={40}
          />
          <Choice
            label={texts.network.forwards.protocol}
            value={forward.protocol}
            texts={texts.network.forwards.protocols}
            onChoose={(protocol) => change({ protocol })}
          />
          <NumberField
            label={texts.network.forwards.port}
            value={forward.port}
            onInput={(port) => change({ port: port ?? 0 })}
            error={fault('port')}
          />
          <NumberField
            label={texts.network.forwards.lastPort}
            value={forward.lastPort}
            onInput={(lastPort) => change({ lastPort })}
            error={fault('lastPort')}
          />
          <Field
            label={texts.network.forwards.toAddress}
            value={forward.toAddress}
            onInput={(toAddress) => change({ toAddress })}
            error={fault('toAddress')}
            mono
          />
          <NumberField
            label={texts.network.forwards.toPort}
            value={forward.toPort}
            onInput={(toPort) => change({ toPort: toPort ?? 0 })}
            error={fault('toPort')}
          />
        </div>
        <Switch label={texts.network.forwards.enabled} value={forward.enabled} onChange={(enabled) => change({ enabled })} />
      </div>
      <button
        type="button"
        class="button icon-only quiet"
        aria-label={texts.network.forwards.remove(forward.name)}
        onClick={() => edit((all) => void all.forwards.splice(at, 1))}
      >
        <Icon name="trash" />
      </button>
    </li>
  )
}
