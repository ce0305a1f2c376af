import type { NetworkSettings } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { Choice, NumberField, Switch } from '../parts/inputs.tsx'
import { draft, edit, faultOf, status } from './state.ts'
import { texts } from '../texts/texts.ts'

export function WifiCard() {
  const { wifi } = draft.value as NetworkSettings
  return (
    <section class="card" aria-labelledby="wifi-title">
      <h2 id="wifi-title">{texts.network.wifi.title}</h2>
      {status.value?.wifi === null && <p class="faint">{texts.network.wifi.none}</p>}
      <Switch label={texts.network.wifi.enabled} value={wifi.enabled} onChange={(on) => edit((all) => (all.wifi.enabled = on))} />
      {wifi.enabled && <WifiFields wifi={wifi} />}
    </section>
  )
}

function WifiFields({ wifi }: { wifi: NetworkSettings['wifi'] }) {
  const change = (part: Partial<typeof wifi>): void => edit((all) => Object.assign(all.wifi, part))
  return (
    <>
      <div class="field-row">
        <Field
          label={texts.network.wifi.ssid}
          value={wifi.ssid}
          onInput={(ssid) => change({ ssid })}
          error={faultOf('wifi.ssid')}
          maxLength={32}
        />
        <Field
          label={texts.network.wifi.passphrase}
          hint={texts.network.wifi.passphraseHint}
          type="password"
          value={wifi.passphrase}
          onInput={(passphrase) => change({ passphrase })}
          error={faultOf('wifi.passphrase')}
          maxLength={63}
        />
      </div>
      <div class="field-row">
        <Choice
          label={texts.network.wifi.band}
          value={wifi.band}
          texts={texts.network.wifi.bands}
          onChoose={(band) => change({ band, channel: 0 })}
        />
        <Choice
          label={texts.network.wifi.security}
          value={wifi.security}
          texts={texts.network.wifi.securities}
          onChoose={(security) => change({ security })}
        />
        <NumberField
          label={texts.network.wifi.channel}
          hint={texts.network.wifi.channelHint}
          value={wifi.channel}
          onInput={(channel) => change({ channel: channel ?? 0 })}
          error={faultOf('wifi.channel')}
        />
        <Field
          label={texts.network.wifi.country}
          hint={texts.network.wifi.countryHint}
          value={wifi.country}
          onInput={(country) => change({ country: country.toUpperCase() })}
          error={faultOf('wifi.country')}
          maxLength={2}
        />
      </div>
    </>
  )
}

export function GuestsCard() {
  const { guest, wifi } = draft.value as NetworkSettings
  const setGuests = (enabled: boolean): void =>
    edit((all) => {
      all.guest.enabled = enabled
      if (!enabled) all.wifi.guest = null
    })
  return (
    <section class="card" aria-labelledby="guests-title">
      <h2 id="guests-title">{texts.network.guests.title}</h2>
      <Switch
        label={texts.network.guests.enabled}
        hint={texts.network.guests.hint}
        value={guest.enabled}
        onChange={setGuests}
        error={faultOf('guest.address')}
      />
      {guest.enabled && wifi.enabled && (
        <Switch
          label={texts.network.guests.wifi}
          value={wifi.guest !== null}
          onChange={(on) => edit((all) => (all.wifi.guest = on ? { ssid: `${wifi.ssid.slice(0, 24)} guests`, passphrase: '' } : null))}
        />
      )}
      {wifi.guest !== null && <GuestWifi guest={wifi.guest} />}
    </section>
  )
}

function GuestWifi({ guest }: { guest: NonNullable<NetworkSettings['wifi']['guest']> }) {
  const change = (part: Partial<typeof guest>): void => edit((all) => (all.wifi.guest = { ...guest, ...part }))
  return (
    <div class="field-row">
      <Field
        label={texts.network.guests.ssid}
        value={guest.ssid}
        onInput={(ssid) => change({ ssid })}
        error={faultOf('wifi.guest.ssid')}
        maxLength={32}
      />
      <Field
        label={texts.network.guests.passphrase}
        hint={texts.network.wifi.passphraseHint}
        type="password"
        value={guest.passphrase}
        onInput={(passphrase) => change({ passphrase })}
        error={faultOf('wifi.guest.passphrase')}
        maxLength={63}
      />
    </div>
  )
}
