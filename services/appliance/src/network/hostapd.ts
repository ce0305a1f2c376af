import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { type BoxFacts, fileOf, type GeneratedFile, GUEST, LAN } from './generated-file.ts'

type Wifi = NetworkSettings['wifi']

/** The access point; null where there is no radio or it is off. */
export function hostapdFile({ wifi, guest }: NetworkSettings, { wifi: radio, oneArmed }: BoxFacts): GeneratedFile | null {
  if (!wifi.enabled || radio === null || oneArmed) return null
  const lines = [`interface=${radio}`, 'driver=nl80211', 'ctrl_interface=/run/hostapd', ...radioLines(wifi)]
  lines.push(...networkLines(wifi, wifi, LAN))
  if (wifi.guest !== null && guest.enabled) lines.push(`bss=${radio}g`, ...networkLines(wifi.guest, wifi, GUEST), 'ap_isolate=1')
  return { path: 'hostapd.conf', text: fileOf(lines), secret: true }
}

function radioLines({ country, band, channel }: Wifi): string[] {
  const lines = [`country_code=${country}`, 'ieee80211d=1', `hw_mode=${band === '5' ? 'a' : 'g'}`, `channel=${channel}`]
  lines.push('ieee80211n=1', 'wmm_enabled=1')
  // radar must be listened for on most of these channels
  if (band === '5') lines.push('ieee80211h=1', 'ieee80211ac=1')
  return lines
}

function networkLines({ ssid, passphrase }: { ssid: string; passphrase: string }, { security }: Wifi, bridge: string): string[] {
  return [
    `bridge=${bridge}`,
    // as bytes: a name may hold anything
    `ssid2=${Buffer.from(ssid, 'utf8').toString('hex')}`,
    'utf8_ssid=1',
    'auth_algs=1',
    'wpa=2',
    'rsn_pairwise=CCMP',
    ...securityLines[security],
    `wpa_passphrase=${passphrase}`,
  ]
}

const securityLines: Record<Wifi['security'], readonly string[]> = {
  wpa2: ['wpa_key_mgmt=WPA-PSK WPA-PSK-SHA256', 'ieee80211w=1'],
  'wpa2-wpa3': ['wpa_key_mgmt=WPA-PSK WPA-PSK-SHA256 SAE', 'ieee80211w=1', 'sae_require_mfp=1', 'sae_pwe=2'],
  wpa3: ['wpa_key_mgmt=SAE', 'ieee80211w=2', 'sae_pwe=2'],
}
