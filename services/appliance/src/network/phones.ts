import { ipv4Network, ipv4NetworkText, ipv4Number, ipv4Text } from '@holt/control/box/addresses.ts'
import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { HoltError } from '@holt/core/errors.ts'
import { readIfThere, writeDurably } from '../system/durable-file.ts'
import { type BoxFolders, wireguardKeyFile } from './box-folders.ts'
import { fileOf } from './generated-file.ts'
import type { NetworkKeeper } from './network-keeper.ts'
import { newPresharedKey, newWireguardKeys, publicKeyOf } from './wireguard-keys.ts'

/** The box's own key, made when it is first needed. */
export async function boxKey(folders: BoxFolders): Promise<string> {
  const path = wireguardKeyFile(folders)
  const known = await readIfThere(path)
  if (known !== null) return known.trim()
  const { privateKey } = newWireguardKeys()
  await writeDurably(path, `${privateKey}\n`, { mode: 0o600 })
  return privateKey
}

/** Phones and laptops that are let in from outside. */
export class Phones {
  readonly #keeper: NetworkKeeper
  readonly #folders: BoxFolders

  constructor(keeper: NetworkKeeper, folders: BoxFolders) {
    this.#keeper = keeper
    this.#folders = folders
  }

  /**
   * Its secret key is in what is returned, and nowhere else.
   *
   * @throws HoltError INPUT_INVALID when remote access is off, ALREADY_EXISTS, CONFLICT during a trial.
   */
  async add(name: string, { everything }: { everything: boolean }): Promise<{ configuration: string; address: string }> {
    const keys = newWireguardKeys()
    const presharedKey = newPresharedKey()
    const boxPublicKey = publicKeyOf(await boxKey(this.#folders))
    let made: { configuration: string; address: string } | undefined
    await this.#keeper.change((settings) => {
      const { wireguard } = settings
      if (!wireguard.enabled || wireguard.endpoint === null)
        throw new HoltError('INPUT_INVALID', 'turn remote access on and name the address of the box first', { field: 'wireguard.endpoint' })
      if (wireguard.peers.some((peer) => peer.name === name))
        throw new HoltError('ALREADY_EXISTS', `there is a phone called ${name} already`, { name })
      const address = freeAddress(settings)
      made = {
        address,
        configuration: phoneFile(settings, { privateKey: keys.privateKey, presharedKey, address, boxPublicKey, everything }),
      }
      return {
        ...settings,
        wireguard: { ...wireguard, peers: [...wireguard.peers, { name, publicKey: keys.publicKey, presharedKey, address }] },
      }
    })
    return made as NonNullable<typeof made>
  }

  /** @throws HoltError NOT_FOUND, CONFLICT during a trial. */
  async remove(name: string): Promise<void> {
    await this.#keeper.change((settings) => {
      const peers = settings.wireguard.peers.filter((peer) => peer.name !== name)
      if (peers.length === settings.wireguard.peers.length) throw new HoltError('NOT_FOUND', `there is no phone called ${name}`, { name })
      return { ...settings, wireguard: { ...settings.wireguard, peers } }
    })
  }
}

function freeAddress({ wireguard: { address, prefixLength, peers } }: NetworkSettings): string {
  const network = ipv4Network(address, prefixLength)
  const taken = new Set([address, ...peers.map((peer) => peer.address)].map(ipv4Number))
  for (let number = network.first + 1; number < network.last; number++) if (!taken.has(number)) return ipv4Text(number)
  throw new HoltError('TOO_LARGE', 'every address for phones is taken')
}

interface PhoneFacts {
  privateKey: string
  presharedKey: string
  address: string
  boxPublicKey: string
  everything: boolean
}

/** What the WireGuard app reads, from a file or a QR code. */
export function phoneFile(
  { wireguard, lan }: NetworkSettings,
  { privateKey, presharedKey, address, boxPublicKey, everything }: PhoneFacts,
): string {
  const home = [ipv4NetworkText(lan.address, lan.prefixLength), ipv4NetworkText(wireguard.address, wireguard.prefixLength)]
  return fileOf([
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `Address = ${address}/32`,
    `DNS = ${wireguard.address}, lan`,
    '',
    '[Peer]',
    `PublicKey = ${boxPublicKey}`,
    `PresharedKey = ${presharedKey}`,
    `Endpoint = ${wireguard.endpoint}:${wireguard.port}`,
    // IPv6 too, or it would go past the tunnel
    `AllowedIPs = ${everything ? '0.0.0.0/0, ::/0' : home.join(', ')}`,
    'PersistentKeepalive = 25',
  ])
}
