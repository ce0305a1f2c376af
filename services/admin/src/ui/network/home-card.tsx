import type { NetworkSettings, NetworkStatus } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { NumberField, Switch } from '../parts/inputs.tsx'
import { draft, edit, faultOf, status } from './state.ts'
import { texts } from '../texts/texts.ts'

type Lan = NetworkSettings['lan']

export function HomeCard() {
  const { lan } = draft.value as NetworkSettings
  return (
    <section class="card" aria-labelledby="home-title">
      <h2 id="home-title">{texts.network.home.title}</h2>
      <div class="field-row">
        <Field label={texts.network.home.address} value={lan.address} onInput={moveLan} error={faultOf('lan.address')} mono />
        <NumberField
          label={texts.network.home.prefixLength}
          value={lan.prefixLength}
          onInput={(length) => edit((all) => (all.lan.prefixLength = length ?? 24))}
          error={faultOf('lan.prefixLength')}
        />
      </div>
      <Switch
        label={texts.network.home.dhcp}
        value={lan.dhcp !== null}
        onChange={(on) => edit((all) => (all.lan.dhcp = on ? rangeOf(lan.address) : null))}
      />
      {lan.dhcp !== null && <Range dhcp={lan.dhcp} />}
      <h3>{texts.network.home.devices}</h3>
      <Devices lan={lan} />
    </section>
  )
}

/** What was given out before goes with the box into its new network. */
function moveLan(address: string): void {
  edit(({ lan }) => {
    const [from, to] = [networkPart(lan.address), networkPart(address)]
    const move = (one: string): string => (from !== '' && to !== '' && one.startsWith(from) ? to + one.slice(from.length) : one)
    lan.address = address
    if (lan.dhcp !== null) lan.dhcp = { ...lan.dhcp, first: move(lan.dhcp.first), last: move(lan.dhcp.last) }
    lan.reservations = lan.reservations.map((reservation) => ({ ...reservation, address: move(reservation.address) }))
  })
}

function networkPart(address: string): string {
  return /^(\d{1,3}\.){3}(?=\d{1,3}$)/.exec(address)?.[0] ?? ''
}

function rangeOf(address: string): NonNullable<Lan['dhcp']> {
  return { first: `${networkPart(address)}100`, last: `${networkPart(address)}249`, leaseMinutes: 720 }
}

function Range({ dhcp }: { dhcp: NonNullable<Lan['dhcp']> }) {
  const change = (part: Partial<typeof dhcp>): void => edit((all) => (all.lan.dhcp = { ...dhcp, ...part }))
  return (
    <div class="field-row">
      <Field
        label={texts.network.home.first}
        value={dhcp.first}
        onInput={(first) => change({ first })}
        error={faultOf('lan.dhcp.first')}
        mono
      />
      <Field label={texts.network.home.last} value={dhcp.last} onInput={(last) => change({ last })} error={faultOf('lan.dhcp.last')} mono />
      <NumberField
        label={texts.network.home.lease}
        value={dhcp.leaseMinutes}
        onInput={(minutes) => change({ leaseMinutes: minutes ?? 720 })}
        error={faultOf('lan.dhcp.leaseMinutes')}
      />
    </div>
  )
}

interface Device {
  mac: string
  address: string
  name: string | null
  reserved: boolean
}

function devicesOf(lan: Lan, leases: NetworkStatus['leases']): Device[] {
  const reserved = lan.reservations.map((one) => ({ ...one, reserved: true }))
  const known = new Set(lan.reservations.map(({ mac }) => mac))
  return [...reserved, ...leases.filter(({ mac }) => !known.has(mac)).map((lease) => ({ ...lease, reserved: false }))]
}

function Devices({ lan }: { lan: Lan }) {
  const devices = devicesOf(lan, status.value?.leases ?? [])
  if (devices.length === 0) return <p class="faint">{texts.network.home.noDevices}</p>
  return (
    <ul class="item-list">
      {devices.map((device) => (
        <DeviceRow key={device.mac} device={device} fault={faultAt(lan, device)} />
      ))}
    </ul>
  )
}

function faultAt(lan: Lan, { mac }: Device): string | null {
  const at = lan.reservations.findIndex((one) => one.mac === mac)
  return at < 0 ? null : (faultOf(`lan.reservations.${at}.address`) ?? faultOf(`lan.reservations.${at}.name`))
}

function DeviceRow({ device, fault }: { device: Device; fault: string | null }) {
  const name = device.name ?? texts.network.home.unnamed
  return (
    <li class="item">
      <div class="item-words">
        <strong>{name}</strong> {device.reserved && <span class="chip ok">{texts.network.home.reserved}</span>}
        <p class="faint mono">
          {device.address} · {device.mac}
        </p>
        {fault !== null && <p class="field-error">{fault}</p>}
      </div>
      <button
        type="button"
        class="button icon-only quiet"
        aria-label={device.reserved ? texts.network.home.free(name) : texts.network.home.reserve(name)}
        title={device.reserved ? texts.network.home.free(name) : texts.network.home.reserve(name)}
        onClick={() => toggle(device)}
      >
        <Icon name={device.reserved ? 'trash' : 'plus'} />
      </button>
    </li>
  )
}

function toggle({ mac, address, name, reserved }: Device): void {
  edit(({ lan }) => {
    if (reserved) lan.reservations = lan.reservations.filter((one) => one.mac !== mac)
    else lan.reservations.push({ mac, address, name: freeName(lan, name ?? 'device') })
  })
}

/** As DNS has names, and not taken. */
function freeName({ reservations }: Lan, wished: string): string {
  const base =
    wished
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'device'
  const taken = new Set(['holt', 'localhost', ...reservations.map(({ name }) => name)])
  if (!taken.has(base)) return base
  let number = 2
  while (taken.has(`${base}-${number}`)) number++
  return `${base}-${number}`
}
