import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab, LabHost } from './lab.ts'

/**
 * The provider's side of a WAN cable: addresses by DHCP, names by DNS, and one site further away. Its
 * addresses are nobody's. The site's is of the block for benchmarks: name servers that guard against rebinding drop those for documentation.
 */
export const PROVIDER = '203.0.113.1'
export const SITE = '198.18.0.7'
export const SITE_NAME = 'site.example'

export interface Internet {
  host: LabHost
  /** The address that the DHCP server gave to whoever asked. */
  customer: (mac: string) => Promise<string | null>
}

/** @param folder for what it serves and notes. */
export async function makeInternet(lab: Lab, cable: string, folder: string): Promise<Internet> {
  const host = await lab.host('internet', cable)
  await host.run(['ip', 'addr', 'add', `${PROVIDER}/24`, 'dev', 'eth0'])
  await host.run(['ip', 'addr', 'add', `${SITE}/32`, 'dev', 'lo'])
  const leases = join(folder, 'leases')
  const files = ['--conf-file=/dev/null', '--no-hosts', '--no-resolv', '--pid-file=', `--dhcp-leasefile=${leases}`]
  const answers = ['--dhcp-range=203.0.113.50,203.0.113.99,255.255.255.0,1h', `--address=/${SITE_NAME}/${SITE}`]
  const how = ['--keep-in-foreground', '--user=root', '--interface=eth0', '--bind-interfaces', '--dhcp-authoritative']
  host.serve(['dnsmasq', ...how, ...files, ...answers])
  await serveSite(host, join(folder, 'site'))
  return { host, customer: (mac) => leasedAddress(leases, mac) }
}

/** `/cgi-bin/who` answers with the address that the question came from. */
async function serveSite(host: LabHost, folder: string): Promise<void> {
  await mkdir(join(folder, 'cgi-bin'), { recursive: true })
  await writeFile(join(folder, 'index.html'), 'a site far away\n')
  await writeFile(join(folder, 'cgi-bin/who'), '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n%s\\n" "$REMOTE_ADDR"\n')
  await chmod(join(folder, 'cgi-bin/who'), 0o755)
  host.serve(['busybox', 'httpd', '-f', '-p', `${SITE}:80`, '-h', folder])
}

async function leasedAddress(leases: string, mac: string): Promise<string | null> {
  const text = await readFile(leases, 'utf8').catch(() => '')
  const line = text.split('\n').find((entry) => entry.includes(mac))
  return line?.split(' ')[2] ?? null
}
