import type { NetworkStatus } from '@holt/control/box/methods.ts'
import { type Static, Type } from 'typebox'
import { readIfThere } from '../system/durable-file.ts'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'
import { LEASE_FILE } from './dnsmasq.ts'
import { type BoxFacts, GUEST, LAN, WIREGUARD } from './generated-file.ts'

const IpLinks = Type.Array(
  Type.Object({
    ifname: Type.String(),
    operstate: Type.String(),
    flags: Type.Array(Type.String()),
    addr_info: Type.Array(Type.Object({ local: Type.Optional(Type.String()), prefixlen: Type.Optional(Type.Integer()) })),
    stats64: Type.Optional(Type.Object({ rx: Type.Object({ bytes: Type.Number() }), tx: Type.Object({ bytes: Type.Number() }) })),
  }),
)
const IpRoutes = Type.Array(Type.Object({ dst: Type.String(), gateway: Type.Optional(Type.String()), dev: Type.Optional(Type.String()) }))

/** What the kernel, the name server and WireGuard say right now. */
export async function networkStatus(tools: Tools, facts: BoxFacts): Promise<NetworkStatus> {
  const links = readJson(IpLinks, await tools.run('ip', ['-json', '-stats', 'address', 'show']), 'ip')
  const routes = readJson(IpRoutes, await tools.run('ip', ['-json', 'route', 'show', 'default']), 'ip')
  return {
    oneArmed: facts.oneArmed,
    wifi: facts.wifi,
    links: links.flatMap((link) => {
      const role = roleOf(link.ifname)
      return role === null ? [] : [linkInfo(link, role)]
    }),
    online: routes.some(({ dst }) => dst === 'default'),
    gateway: routes.find(({ gateway }) => gateway !== undefined)?.gateway ?? null,
    leases: parseLeases((await readIfThere(LEASE_FILE)) ?? ''),
    phones: parsePhones(await tools.run('wg', ['show', WIREGUARD, 'dump']).catch(() => '')),
  }
}

type Link = Static<typeof IpLinks>[number]
type Role = NetworkStatus['links'][number]['role']

function roleOf(name: string): Role | null {
  if (/^(wan0|wanv0|ppp0|one0)$/.test(name)) return 'outside'
  if (name === LAN) return 'lan'
  if (name === GUEST) return 'guest'
  if (name === WIREGUARD) return 'remote'
  return /^(port\d+|wlan\d+g?)$/.test(name) ? 'port' : null
}

function linkInfo({ ifname, operstate, flags, addr_info, stats64 }: Link, role: Role): NetworkStatus['links'][number] {
  return {
    name: ifname,
    role,
    // tunnels have no cable to feel, and say UNKNOWN
    up: operstate === 'UP' || (operstate === 'UNKNOWN' && flags.includes('UP')),
    addresses: addr_info.flatMap(({ local, prefixlen }) => (local === undefined ? [] : [`${local}/${prefixlen ?? 0}`])),
    receivedBytes: stats64?.rx.bytes ?? 0,
    sentBytes: stats64?.tx.bytes ?? 0,
  }
}

/** dnsmasq's file: time, MAC, address, name or '*', client id. Names come from strangers' devices. */
export function parseLeases(text: string): NetworkStatus['leases'] {
  return text.split('\n').flatMap((line) => {
    const [expires, mac, address, name] = line.split(' ')
    if (!/^\d{1,12}$/.test(expires ?? '') || !/^[0-9a-f:-]{17,60}$/.test(mac ?? '') || !/^[0-9.]{7,15}$/.test(address ?? '')) return []
    const known = /^[A-Za-z0-9._-]{1,63}$/.test(name ?? '') ? (name as string) : null
    return [{ mac: mac as string, address: address as string, name: known, expires: Number(expires) }]
  })
}

/** `wg show … dump`: the first line is the box itself, its private key in it. */
export function parsePhones(text: string): NetworkStatus['phones'] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [publicKey, , , , lastSeen, received, sent] = line.split('\t')
      if (publicKey === undefined || sent === undefined) return []
      return [{ publicKey, lastSeen: Number(lastSeen), receivedBytes: Number(received), sentBytes: Number(sent) }]
    })
}
