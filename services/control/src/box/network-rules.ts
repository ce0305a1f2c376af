import { type Ipv4Network, ipv4Network, ipv4Number, isHostIn, isIpv4, isIpv6, isPrivate, overlap } from './addresses.ts'
import { hasControlCharacters } from './control-characters.ts'
import type { NetworkSettings } from './network-settings.ts'

export interface SettingsFault {
  /** 'lan.dhcp.first' */
  field: string
  fault: string
}

/**
 * What is wrong with settings that fit the schema: addresses outside their network, two things that want the same. In order of
 * the document; empty when a box can be set up so. The page asks it before it sends anything.
 */
export function networkFaults(settings: NetworkSettings): SettingsFault[] {
  return [
    ...wanFaults(settings),
    ...innerNetworkFaults(settings),
    ...dhcpFaults(settings),
    ...reservationFaults(settings),
    ...wifiFaults(settings),
    ...forwardFaults(settings),
    ...dnsFaults(settings),
    ...wireguardFaults(settings),
  ]
}

function inner(settings: NetworkSettings): { field: string; network: Ipv4Network; address: string }[] {
  const { lan, guest, wireguard } = settings
  return [
    { field: 'lan.address', ...of(lan) },
    ...(guest.enabled ? [{ field: 'guest.address', ...of(guest) }] : []),
    ...(wireguard.enabled ? [{ field: 'wireguard.address', ...of(wireguard) }] : []),
  ]
}

function of({ address, prefixLength }: { address: string; prefixLength: number }) {
  return { address, network: ipv4Network(address, prefixLength) }
}

function wanFaults({ wan }: NetworkSettings): SettingsFault[] {
  if (wan.kind !== 'static') return []
  const network = ipv4Network(wan.address, wan.prefixLength)
  const isPair = wan.prefixLength === 31
  const faults: SettingsFault[] = []
  if (!isPair && !isHostIn(network, wan.address)) faults.push({ field: 'wan.address', fault: 'is not an address a host can have there' })
  const gateway = ipv4Number(wan.gateway)
  const reaches = isPair ? gateway >= network.first && gateway <= network.last : isHostIn(network, wan.gateway)
  if (!reaches || wan.gateway === wan.address) faults.push({ field: 'wan.gateway', fault: 'is not another address of the same network' })
  return faults
}

function innerNetworkFaults(settings: NetworkSettings): SettingsFault[] {
  const networks = inner(settings)
  const outer = settings.wan.kind === 'static' ? ipv4Network(settings.wan.address, settings.wan.prefixLength) : null
  return networks.flatMap(({ field, network, address }, at) => {
    if (!isPrivate(network)) return [{ field, fault: 'is not in a network for private use (10.x, 172.16.x to 172.31.x, 192.168.x)' }]
    if (!isHostIn(network, address)) return [{ field, fault: 'is not an address a host can have there' }]
    if (networks.slice(0, at).some((other) => overlap(other.network, network)))
      return [{ field, fault: 'is in the network of another part' }]
    return outer !== null && overlap(outer, network) ? [{ field, fault: 'is in the network of the outside' }] : []
  })
}

function dhcpFaults({ lan, guest }: NetworkSettings): SettingsFault[] {
  const parts = [
    ...(lan.dhcp === null ? [] : [{ name: 'lan', part: lan, range: lan.dhcp }]),
    ...(guest.enabled ? [{ name: 'guest', part: guest, range: guest.dhcp }] : []),
  ]
  return parts.flatMap(({ name, part, range }) => {
    const network = ipv4Network(part.address, part.prefixLength)
    const own = ipv4Number(part.address)
    const [first, last] = [ipv4Number(range.first), ipv4Number(range.last)]
    if (!isHostIn(network, range.first)) return [{ field: `${name}.dhcp.first`, fault: 'is outside of the network' }]
    if (!isHostIn(network, range.last)) return [{ field: `${name}.dhcp.last`, fault: 'is outside of the network' }]
    if (last < first) return [{ field: `${name}.dhcp.last`, fault: 'comes before the first address' }]
    return own >= first && own <= last ? [{ field: `${name}.dhcp.first`, fault: "takes in the box's own address" }] : []
  })
}

function reservationFaults({ lan }: NetworkSettings): SettingsFault[] {
  const network = ipv4Network(lan.address, lan.prefixLength)
  const seen = new Set<string>(['holt', 'localhost', lan.address])
  return lan.reservations.flatMap(({ name, mac, address }, at) => {
    const field = `lan.reservations.${at}`
    const faults: SettingsFault[] = []
    if (!isHostIn(network, address)) faults.push({ field: `${field}.address`, fault: 'is outside of the network' })
    for (const [key, value] of Object.entries({ name, mac, address })) {
      if (seen.has(value)) faults.push({ field: `${field}.${key}`, fault: 'is taken already' })
      seen.add(value)
    }
    return faults
  })
}

const channels = {
  '2.4': new Set([0, ...Array.from({ length: 13 }, (_, i) => i + 1)]),
  '5': new Set([0, 36, 40, 44, 48, 52, 56, 60, 64, 100, 104, 108, 112, 116, 120, 124, 128, 132, 136, 140, 144, 149, 153, 157, 161, 165]),
}

function wifiFaults({ wifi, guest }: NetworkSettings): SettingsFault[] {
  const faults: SettingsFault[] = []
  const names = [['wifi.ssid', wifi.ssid], ...(wifi.guest === null ? [] : [['wifi.guest.ssid', wifi.guest.ssid]])] as [string, string][]
  for (const [field, ssid] of names) {
    if (new TextEncoder().encode(ssid).length > 32) faults.push({ field, fault: 'is longer than 32 bytes' })
    if (hasControlCharacters(ssid)) faults.push({ field, fault: 'has control characters' })
  }
  if (!channels[wifi.band].has(wifi.channel)) faults.push({ field: 'wifi.channel', fault: 'is not a channel of this band' })
  if (wifi.enabled && wifi.passphrase === 'change me first') faults.push({ field: 'wifi.passphrase', fault: 'has to be chosen first' })
  if (wifi.guest !== null && !guest.enabled) faults.push({ field: 'wifi.guest', fault: 'needs the guest network' })
  if (wifi.guest?.ssid === wifi.ssid) faults.push({ field: 'wifi.guest.ssid', fault: 'is the name of the other network' })
  return faults
}

function forwardFaults({ forwards, lan, wireguard }: NetworkSettings): SettingsFault[] {
  const network = ipv4Network(lan.address, lan.prefixLength)
  const taken: { udp: boolean; tcp: boolean; first: number; last: number }[] = wireguard.enabled
    ? [{ udp: true, tcp: false, first: wireguard.port, last: wireguard.port }]
    : []
  return forwards.flatMap(({ enabled, protocol, port, lastPort, toAddress, toPort }, at) => {
    const field = `forwards.${at}`
    const faults: SettingsFault[] = []
    const last = lastPort ?? port
    if (last < port) faults.push({ field: `${field}.lastPort`, fault: 'comes before the first port' })
    if (last > port && toPort !== port) faults.push({ field: `${field}.toPort`, fault: 'of a range is the first port itself' })
    if (!isHostIn(network, toAddress)) faults.push({ field: `${field}.toAddress`, fault: 'is outside of the network' })
    else if (toAddress === lan.address) faults.push({ field: `${field}.toAddress`, fault: 'is the box itself' })
    const wants = { udp: protocol !== 'tcp', tcp: protocol !== 'udp', first: port, last }
    if (!enabled) return faults
    const clash = taken.some((one) => ((one.udp && wants.udp) || (one.tcp && wants.tcp)) && one.first <= last && port <= one.last)
    if (clash) faults.push({ field: `${field}.port`, fault: 'is taken already' })
    taken.push(wants)
    return faults
  })
}

function dnsFaults({ dns, lan }: NetworkSettings): SettingsFault[] {
  return dns.upstream.flatMap((address, at) => {
    const field = `dns.upstream.${at}`
    if (!isIpv4(address) && !isIpv6(address)) return [{ field, fault: 'is not an address' }]
    return address === lan.address ? [{ field, fault: 'is the box itself' }] : []
  })
}

function wireguardFaults({ wireguard }: NetworkSettings): SettingsFault[] {
  const network = ipv4Network(wireguard.address, wireguard.prefixLength)
  const seen = new Set<string>([wireguard.address])
  return wireguard.peers.flatMap(({ name, publicKey, address }, at) => {
    const field = `wireguard.peers.${at}`
    const faults: SettingsFault[] = []
    if (!isHostIn(network, address)) faults.push({ field: `${field}.address`, fault: 'is outside of the network' })
    for (const [key, value] of Object.entries({ name, publicKey, address })) {
      if (seen.has(value)) faults.push({ field: `${field}.${key}`, fault: 'is taken already' })
      seen.add(value)
    }
    return faults
  })
}
