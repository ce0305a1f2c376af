import { defaultNetworkSettings, type NetworkSettings } from '@holt/control/box/network-settings.ts'
import type { BoxFacts } from '../network/generated-file.ts'

/** Everything turned on at once. */
export const fullSettings: NetworkSettings = {
  ...defaultNetworkSettings,
  wan: { kind: 'pppoe', vlan: 7, user: 'line#0001@provider', password: 'a "quoted" \\ one' },
  lan: {
    ...defaultNetworkSettings.lan,
    reservations: [
      { name: 'printer', mac: '02:00:00:00:00:05', address: '192.168.77.5' },
      { name: 'server', mac: '02:00:00:00:00:06', address: '192.168.77.6' },
    ],
  },
  guest: { ...defaultNetworkSettings.guest, enabled: true },
  ipv6: { enabled: true, ula: 'fd12:3456:789a::' },
  wifi: {
    enabled: true,
    country: 'DE',
    band: '5',
    channel: 36,
    security: 'wpa2-wpa3',
    ssid: 'Otter’s "den"',
    passphrase: 'a passphrase # with "all" of it',
    guest: { ssid: 'Otter guests', passphrase: 'welcome to the den' },
  },
  forwards: [
    { name: 'Web server', enabled: true, protocol: 'tcp', port: 8080, lastPort: null, toAddress: '192.168.77.6', toPort: 80 },
    { name: 'Game', enabled: true, protocol: 'both', port: 27000, lastPort: 27010, toAddress: '192.168.77.5', toPort: 27000 },
    { name: 'Off', enabled: false, protocol: 'udp', port: 5000, lastPort: null, toAddress: '192.168.77.5', toPort: 5000 },
  ],
  shaping: { downloadKbit: 90_000, uploadKbit: 18_000 },
  dns: { upstream: ['9.9.9.9', '2620:fe::fe'], refuseRebinding: true },
  wireguard: {
    enabled: true,
    port: 51820,
    address: '192.168.79.1',
    prefixLength: 24,
    endpoint: 'home.example.org',
    peers: [
      {
        name: 'Phone',
        publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
        presharedKey: 'FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=',
        address: '192.168.79.2',
      },
    ],
  },
}

export const fullBox: BoxFacts = {
  oneArmed: false,
  wifi: 'wlan0',
  wireguardPrivateKey: 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
}
