import { useSignal } from '@preact/signals'
import type { NetworkSettings } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { NumberField, Switch } from '../parts/inputs.tsx'
import { draft, edit, faultOf } from './state.ts'
import { texts } from '../texts/texts.ts'

export function SpeedCard() {
  const { shaping } = draft.value as NetworkSettings
  const change = (part: Partial<NonNullable<typeof shaping>>): void => edit((all) => Object.assign(all.shaping as object, part))
  return (
    <section class="card" aria-labelledby="speed-title">
      <h2 id="speed-title">{texts.network.speed.title}</h2>
      <Switch
        label={texts.network.speed.enabled}
        hint={texts.network.speed.hint}
        value={shaping !== null}
        onChange={(on) => edit((all) => (all.shaping = on ? { downloadKbit: 90_000, uploadKbit: 20_000 } : null))}
      />
      {shaping !== null && (
        <div class="field-row">
          <NumberField
            label={texts.network.speed.download}
            value={Math.round(shaping.downloadKbit / 1000)}
            onInput={(mbit) => change({ downloadKbit: (mbit ?? 0) * 1000 })}
            error={faultOf('shaping.downloadKbit')}
          />
          <NumberField
            label={texts.network.speed.upload}
            value={Math.round(shaping.uploadKbit / 1000)}
            onInput={(mbit) => change({ uploadKbit: (mbit ?? 0) * 1000 })}
            error={faultOf('shaping.uploadKbit')}
          />
        </div>
      )}
    </section>
  )
}

export function NamesCard() {
  const { dns } = draft.value as NetworkSettings
  // what stands there while it is typed: a space at its end is no address yet
  const typed = useSignal(dns.upstream.join(' '))
  if (listOf(typed.value).join(' ') !== dns.upstream.join(' ')) typed.value = dns.upstream.join(' ')
  return (
    <section class="card" aria-labelledby="names-title">
      <h2 id="names-title">{texts.network.names.title}</h2>
      <Field
        label={texts.network.names.upstream}
        hint={texts.network.names.upstreamHint}
        value={typed.value}
        onInput={(text) => {
          typed.value = text
          edit((all) => (all.dns.upstream = listOf(text)))
        }}
        error={dns.upstream.map((_, at) => faultOf(`dns.upstream.${at}`)).find((fault) => fault !== null) ?? faultOf('dns.upstream')}
        mono
      />
      <Switch
        label={texts.network.names.refuseRebinding}
        value={dns.refuseRebinding}
        onChange={(on) => edit((all) => (all.dns.refuseRebinding = on))}
      />
    </section>
  )
}

function listOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
}
