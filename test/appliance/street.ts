import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { defaultNetworkSettings, type NetworkSettings } from '@holt/control/box/network-settings.ts'
import { generateNetwork } from '@holt/appliance/network/generate.ts'
import { usualBox } from '@holt/appliance/network/generated-file.ts'
import { Lab, until } from './lab.ts'

/** The provider's side; of neither would dnsmasq think that it is inside. */
export const PROVIDER = '203.0.113.1'
export const OUTSIDE_HOST = '192.88.99.10'

export const streetSettings: NetworkSettings = {
  ...defaultNetworkSettings,
  ipv6: { enabled: true, ula: 'fd12:3456:789a::' },
  guest: { ...defaultNetworkSettings.guest, enabled: true },
  forwards: [{ name: 'Web', enabled: true, protocol: 'tcp', port: 8080, lastPort: null, toAddress: '192.168.77.5', toPort: 80 }],
  lan: { ...defaultNetworkSettings.lan, reservations: [{ name: 'server', mac: '02:00:00:00:00:05', address: '192.168.77.5' }] },
  dns: { upstream: [PROVIDER], refuseRebinding: true },
}

const SERVER = `
const { createServer } = require('node:http')
createServer((request, response) => response.end(process.argv[1] + ' ' + request.socket.remoteAddress)).listen(Number(process.argv[2]), '::')
`
/** Says what the server said, or why not. */
const CLIENT = `
const request = require('node:http').get({ host: process.argv[1], port: process.argv[2], timeout: 1500, family: process.argv[1].includes(':') ? 6 : 4 }, (response) => {
  let text = ''
  response.on('data', (part) => (text += part)).on('end', () => console.log(text))
})
request.on('timeout', () => request.destroy(new Error('silence')))
request.on('error', (error) => console.log(error.code ?? error.message))
`
const LEASE_SCRIPT = `#!/bin/sh
case $reason in
  BOUND | RENEW | REBIND | REBOOT)
    ip address replace "$new_ip_address/24" dev "$interface"
    ip route replace default via "$new_routers"
    echo "$new_ip_address $new_routers $new_domain_name_servers $new_domain_name" >"$LEASE_NOTE" ;;
esac
`

/** A box between a provider and two homes: a network of its owner, one of guests. */
export class Street {
  readonly lab: Lab
  #boxAddress = ''

  private constructor(lab: Lab) {
    this.lab = lab
  }

  /** The address that the provider gave the box. */
  get boxAddress(): string {
    return this.#boxAddress
  }

  static async open(): Promise<Street> {
    const street = new Street(await Lab.open())
    try {
      await street.#build()
    } catch (error) {
      await street.close()
      throw error
    }
    return street
  }

  close(): Promise<void> {
    return this.lab.close()
  }

  serve(name: string, port: number, place?: string): () => string {
    return this.lab.start(process.execPath, ['-e', SERVER, name, String(port)], place)
  }

  /** What an HTTP client there is answered: text, ECONNREFUSED, silence … */
  async ask(host: string, port: number, place?: string): Promise<string> {
    return (await this.lab.must(process.execPath, ['-e', CLIENT, host, String(port)], place)).trim()
  }

  /** Asks for an address as a laptop would. @returns address, router, name server, domain. */
  async lease(place: string): Promise<string[]> {
    const script = this.lab.write('lease-script', LEASE_SCRIPT)
    const note = join(this.lab.folder, `lease-${place}`)
    const files = ['-sf', script, '-lf', join(this.lab.folder, `leases-${place}`), '-pf', join(this.lab.folder, `pid-${place}`)]
    await this.lab.must('dhclient', ['-4', '-1', '-e', `LEASE_NOTE=${note}`, ...files, 'eth0'], place)
    return (await this.lab.must('cat', [note])).trim().split(' ')
  }

  async #build(): Promise<void> {
    const { lab } = this
    for (const [place, port] of Object.entries({ provider: 'wan0', home: 'port1', guests: 'guestport' }))
      await lab.addPlace(place, { port })
    await lab.must('ip', ['link', 'set', 'eth0', 'address', '02:00:00:00:00:05'], 'home')
    await this.#provider()
    await this.#box()
  }

  async #provider(): Promise<void> {
    const { lab } = this
    await lab.must('ip', ['address', 'add', `${PROVIDER}/24`, 'dev', 'eth0'], 'provider')
    await lab.must('ip', ['address', 'add', `${OUTSIDE_HOST}/32`, 'dev', 'lo'], 'provider')
    const conf = ['port=53', 'bind-interfaces', 'interface=eth0', 'no-resolv', 'no-hosts', 'user=root', 'pid-file=', 'dhcp-authoritative']
    conf.push(
      'dhcp-range=203.0.113.100,203.0.113.150,1h',
      `dhcp-option=option:router,${PROVIDER}`,
      `dhcp-leasefile=${join(lab.folder, 'provider-leases')}`,
    )
    conf.push(`host-record=outside.example,${OUTSIDE_HOST}`, 'host-record=rebind.example,192.168.77.5')
    lab.start('dnsmasq', ['-k', '-C', lab.write('provider.conf', `${conf.join('\n')}\n`)], 'provider')
  }

  /** As at a start: the files that the settings become, each for the program that reads it. */
  async #box(): Promise<void> {
    const { lab } = this
    mkdirSync(join(lab.folder, 'network'))
    // the image has this user and group, a machine for tests need not
    const asRoot = (text: string): string => text.replace('user=dnsmasq\ngroup=dnsmasq', 'user=root')
    for (const { path, text } of generateNetwork(streetSettings, usualBox)) lab.write(path, asRoot(text))
    await lab.must('sh', ['-c', `cp ${lab.folder}/network/* /run/systemd/network/ && chmod 644 /run/systemd/network/*`])
    await lab.must('nft', ['-f', join(lab.folder, 'nftables.conf')])
    lab.start('/lib/systemd/systemd-networkd', [])
    await until('the bridges', async () => (await lab.run('ip', ['link', 'show', 'guest0'])).exitCode === 0)
    // the radio's part: a guest's laptop is on the guests' bridge
    await lab.must('ip', ['link', 'set', 'guestport', 'master', 'guest0', 'up'])
    lab.start('dnsmasq', ['--keep-in-foreground', '-C', join(lab.folder, 'dnsmasq.conf')])
    this.#boxAddress = await until('an address from the provider', async () => {
      const { stdout } = await lab.run('ip', ['-4', '-o', 'address', 'show', 'dev', 'wan0'])
      return /inet (203\.0\.113\.\d+)/.exec(stdout)?.[1] ?? null
    })
  }
}
