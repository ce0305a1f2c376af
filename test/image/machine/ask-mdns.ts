// `ask-mdns.ts NAME`: asks the network of eth0 for a .local name by multicast DNS and prints the addresses that come within 5 s.
import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'

const GROUP = '224.0.0.251'
const PORT = 5353
const HEADER_BYTES = 12
const TYPE_A = 1

const name = process.argv[2] as string
const here = networkInterfaces()['eth0']?.find(({ family }) => family === 'IPv4')?.address
if (here === undefined) throw new Error('eth0 has no address')

const socket = createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (message) => {
  const address = addressIn(message)
  if (address === null) return
  console.log(address)
  process.exit(0)
})
socket.bind(PORT, () => {
  socket.addMembership(GROUP, here)
  socket.setMulticastInterface(here)
  const ask = (): void => socket.send(question(name), PORT, GROUP)
  ask()
  setInterval(ask, 1000)
})
setTimeout(() => process.exit(1), 5000)

function question(of: string): Buffer {
  const labels = of.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, TYPE_A, 0, 1])])
}

/** The address of the first A record for the name in an answer; responders write the name in full there. */
function addressIn(message: Buffer): string | null {
  const isAnswer = ((message[2] ?? 0) & 0x80) !== 0
  const wanted = question(name).subarray(HEADER_BYTES, -4)
  const at = message.indexOf(wanted, HEADER_BYTES)
  if (!isAnswer || at < 0) return null
  const record = at + wanted.length
  if (message.readUInt16BE(record) !== TYPE_A) return null
  const data = record + 10
  return [...message.subarray(data, data + 4)].join('.')
}
