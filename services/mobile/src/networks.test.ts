import assert from 'node:assert/strict'
import os from 'node:os'
import { test } from 'node:test'
import { useNetworks } from './networks.ts'

test('what the app tells of the networks is what the node sees', (t) => {
  const real = os.networkInterfaces
  t.after(() => {
    os.networkInterfaces = real
  })
  useNetworks([
    { name: 'wlan0', address: '192.168.1.7', prefixLength: 24, internal: false },
    { name: 'wlan0', address: 'fe80::1', prefixLength: 64, internal: false },
    { name: 'lo', address: '127.0.0.1', prefixLength: 8, internal: true },
  ])
  const { wlan0, lo } = os.networkInterfaces()
  assert.deepEqual(
    wlan0?.map(({ family, netmask, cidr }) => [family, netmask, cidr]),
    [
      ['IPv4', '255.255.255.0', '192.168.1.7/24'],
      ['IPv6', 'ffff:ffff:ffff:ffff:0:0:0:0', 'fe80::1/64'],
    ],
  )
  assert.equal(lo?.[0]?.internal, true)
})
