import type { NetworkSettings } from '../api/calls.ts'
import { Choice, NumberField, Switch } from '../parts/inputs.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { draft, edit, faultOf, status } from './state.ts'
import { texts } from '../texts/texts.ts'

type Wan = NetworkSettings['wan']

export function InternetCard() {
  const { wan, ipv6 } = draft.value as NetworkSettings
  return (
    <section class="card" aria-labelledby="internet-title">
      <h2 id="internet-title">{texts.network.internet.title}</h2>
      <LineState />
      <Choice
        label={texts.network.internet.kind}
        value={wan.kind}
        texts={texts.network.internet.kinds}
        onChoose={(kind) => edit((all) => (all.wan = wanOf(kind, wan.vlan)))}
      />
      <LineFields wan={wan} />
      <div class="field-row">
        <NumberField
          label={texts.network.internet.vlan}
          hint={texts.network.internet.vlanHint}
          value={wan.vlan}
          onInput={(vlan) => edit((all) => (all.wan.vlan = vlan))}
          error={faultOf('wan.vlan')}
        />
      </div>
      <Switch
        label={texts.network.internet.ipv6}
        hint={texts.network.internet.ipv6Hint}
        value={ipv6.enabled}
        onChange={(on) => edit((all) => (all.ipv6.enabled = on))}
      />
    </section>
  )
}

function wanOf(kind: Wan['kind'], vlan: number | null): Wan {
  if (kind === 'dhcp') return { kind, vlan }
  if (kind === 'pppoe') return { kind, vlan, user: '', password: '' }
  return { kind, vlan, address: '', prefixLength: 24, gateway: '' }
}

function LineState() {
  if (status.value === null) return null
  const { online, links } = status.value
  const outside = links.filter(({ role }) => role === 'outside')
  const carrier = outside.find(({ addresses }) => addresses.length > 0) ?? outside[0]
  const address = carrier?.addresses[0]?.replace(/\/\d+$/, '') ?? ''
  return (
    <div class={`line-state ${online ? 'good' : 'bad'}`}>
      <Icon name={online ? 'check' : 'warning'} />
      <div>
        <strong>{online ? texts.network.online : texts.network.offline}</strong>
        <p>{online ? texts.network.onlineText(address) : texts.network.offlineText}</p>
        {online && carrier !== undefined && <p class="faint">{texts.network.traffic(carrier.receivedBytes, carrier.sentBytes)}</p>}
      </div>
    </div>
  )
}

function LineFields({ wan }: { wan: Wan }) {
  const change = (part: object): void => edit((all) => Object.assign(all.wan, part))
  if (wan.kind === 'pppoe') {
    return (
      <div class="field-row">
        <Field label={texts.network.internet.user} value={wan.user} onInput={(user) => change({ user })} error={faultOf('wan.user')} />
        <Field
          label={texts.network.internet.password}
          type="password"
          value={wan.password}
          onInput={(password) => change({ password })}
          error={faultOf('wan.password')}
        />
      </div>
    )
  }
  if (wan.kind === 'dhcp') return null
  return (
    <div class="field-row">
      <Field
        label={texts.network.internet.address}
        value={wan.address}
        onInput={(address) => change({ address })}
        error={faultOf('wan.address')}
        mono
      />
      <NumberField
        label={texts.network.internet.prefixLength}
        hint={texts.network.internet.prefixHint}
        value={wan.prefixLength}
        onInput={(prefixLength) => change({ prefixLength: prefixLength ?? 24 })}
        error={faultOf('wan.prefixLength')}
      />
      <Field
        label={texts.network.internet.gateway}
        value={wan.gateway}
        onInput={(gateway) => change({ gateway })}
        error={faultOf('wan.gateway')}
        mono
      />
    </div>
  )
}
