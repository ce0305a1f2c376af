import { hasControlCharacters } from '@holt/control/box/control-characters.ts'

/** One file that is made from the settings. */
export interface GeneratedFile {
  /** Below the folder of all of them: 'nftables.conf', 'network/20-wan0.network'. */
  path: string
  text: string
  /** Holds a key or password. */
  secret?: true
}

/** What the settings do not say: what this box has and is. */
export interface BoxFacts {
  /** One wired port only: it lies in somebody else's network, and gives out nothing there. */
  oneArmed: boolean
  /** The radio, or null. */
  wifi: string | null
  /** The box's own key, once remote access was turned on. */
  wireguardPrivateKey: string | null
}

export const usualBox: BoxFacts = { oneArmed: false, wifi: null, wireguardPrivateKey: null }

/** As the image names the wired ports: the outer one, or the only one. Inner ones are port1, port2 … */
export const WAN_PORT = 'wan0'
export const ONLY_PORT = 'one0'
export const LAN = 'lan0'
export const GUEST = 'guest0'
export const WIREGUARD = 'wg0'
const WAN_VLAN = 'wanv0'
const PPP = 'ppp0'
export const SHAPED_INGRESS = 'ifbwan0'

/** The port to the outside, what carries the provider's frames on it, and what packets come from. */
export function outsideOf(
  wan: { kind: string; vlan: number | null },
  oneArmed: boolean,
): { port: string; carrier: string; packets: string } {
  const port = oneArmed ? ONLY_PORT : WAN_PORT
  const carrier = wan.vlan === null ? port : WAN_VLAN
  return { port, carrier, packets: wan.kind === 'pppoe' ? PPP : carrier }
}

/**
 * Lines of a file. The schema lets nothing through that could end a line; should it ever, nothing is written.
 *
 * @throws RangeError for a line with a control character in it.
 */
export function fileOf(lines: readonly string[]): string {
  for (const line of lines) {
    if (hasControlCharacters(line.replaceAll('\t', ' '))) throw new RangeError('a line of a generated file has a control character')
  }
  return `${lines.join('\n')}\n`
}
