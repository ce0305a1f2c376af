import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { type BoxFacts, fileOf, type GeneratedFile, outsideOf, SHAPED_INGRESS } from './generated-file.ts'

/**
 * For `tc -force -batch`: queues that are kept here, where they can be ordered, and not in the provider's modem. What comes in is led
 * through a queue of its own. Taking away comes first, so that it holds whatever was there before.
 */
export function shapingFile({ wan, shaping }: NetworkSettings, { oneArmed }: BoxFacts): GeneratedFile {
  const { packets } = outsideOf(wan, oneArmed)
  const lines = [`qdisc del dev ${packets} root`, `qdisc del dev ${packets} ingress`]
  if (shaping !== null) {
    const framing = wan.kind === 'pppoe' ? 'overhead 34 mpu 68' : 'overhead 18 mpu 64'
    lines.push(
      `qdisc add dev ${packets} root cake bandwidth ${shaping.uploadKbit}kbit diffserv4 nat ${framing}`,
      `qdisc add dev ${packets} handle ffff: ingress`,
      `filter add dev ${packets} parent ffff: protocol all prio 10 matchall action mirred egress redirect dev ${SHAPED_INGRESS}`,
      `qdisc replace dev ${SHAPED_INGRESS} root cake bandwidth ${shaping.downloadKbit}kbit diffserv4 nat ingress wash ${framing}`,
    )
  }
  return { path: 'shaping.tc', text: fileOf(lines) }
}
