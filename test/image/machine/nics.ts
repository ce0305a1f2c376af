import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * What a machine's network card is plugged into:
 * `nothing`; a `user` network of its own, where the guest reaches nobody and the host reaches the listed TCP ports of the guest;
 * a `wire` to one card of another machine, each naming its own end and the other's; a `tap` device of a lab; a `socket` whose server
 * gets and sends frames.
 */
export type Nic = { mac?: string } & (
  | { kind: 'nothing' }
  | { kind: 'user'; guestPorts: readonly number[] }
  | { kind: 'wire'; here: string; there: string }
  | { kind: 'tap'; device: string }
  | { kind: 'socket'; path: string }
)

export interface PluggedNic {
  arguments: string[]
  /** Guest port → port of 127.0.0.1 that leads to it. */
  forwards: ReadonlyMap<number, number>
}

/** What QEMU is told about a card; the name of its far end is `nic0`, `nic1`, … */
export async function plug(nic: Nic, index: number): Promise<PluggedNic> {
  const id = `nic${index}`
  const forwards = new Map<number, number>()
  if (nic.kind === 'user') for (const port of nic.guestPorts) forwards.set(port, await freePort())
  const mac = nic.mac ?? `52:54:00:12:34:${(0x50 + index).toString(16)}`
  const device = ['-device', `virtio-net-pci,netdev=${id},id=${id}-device,mac=${mac},romfile=`]
  return { arguments: ['-netdev', farEnd(nic, id, forwards), ...device], forwards }
}

function farEnd(nic: Nic, id: string, forwards: ReadonlyMap<number, number>): string {
  switch (nic.kind) {
    case 'nothing':
      return `hubport,id=${id},hubid=${Number(id.slice(3)) + 1000}`
    case 'user':
      return [`user,id=${id},restrict=on`, ...[...forwards].map(([guest, host]) => `hostfwd=tcp:127.0.0.1:${host}-:${guest}`)].join(',')
    case 'wire':
      return `dgram,id=${id},local.type=unix,local.path=${nic.here},remote.type=unix,remote.path=${nic.there}`
    case 'tap':
      // as plain as the other kinds: a machine that goes on from a snapshot may be plugged into any of them
      return `tap,id=${id},ifname=${nic.device},script=no,downscript=no,vnet_hdr=off`
    case 'socket':
      return `stream,id=${id},server=off,addr.type=unix,addr.path=${nic.path}`
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
