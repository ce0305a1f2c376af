// What any program with libp2p does: its own mDNS, and nothing of ours. Takes the address to listen on.
import '@holt/platform-nodejs/network/polyfills.ts'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'

const host = await createLibp2p({
  addresses: { listen: [`/ip4/${process.argv[2]}/tcp/0`] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  peerDiscovery: [mdns({ interval: 1000 })],
})
console.log(`I am ${host.peerId.toString()}`)
host.addEventListener('peer:discovery', ({ detail }) => console.log(`found ${detail.id.toString()} ${detail.multiaddrs.join(' ')}`))
