import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { dnsmasqFile } from './dnsmasq.ts'
import type { BoxFacts, GeneratedFile } from './generated-file.ts'
import { hostapdFile } from './hostapd.ts'
import { networkdFiles } from './networkd.ts'
import { nftablesFile } from './nftables.ts'
import { pppoeFile } from './pppoe.ts'
import { shapingFile } from './shaping.ts'

/** Every file the settings become. Nothing else decides how a box is connected. */
export function generateNetwork(settings: NetworkSettings, facts: BoxFacts): GeneratedFile[] {
  const always = [
    ...networkdFiles(settings, facts),
    nftablesFile(settings, facts),
    dnsmasqFile(settings, facts),
    shapingFile(settings, facts),
  ]
  const sometimes = [hostapdFile(settings, facts), pppoeFile(settings, facts)]
  return [...always, ...sometimes.filter((file) => file !== null)]
}
