import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublicAddress } from './public-address.ts'

test('addresses of the open internet are told from those of networks of one’s own, however they are written', () => {
  for (const address of [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2A00:0:0:0::1',
    '2003::',
  ])
    assert.equal(isPublicAddress(address), true, address)
  const own = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.77.1',
    '224.0.0.1',
    '255.255.255.255',
  ]
  for (const address of [...own, ...own.map((four) => `::ffff:${four}`), ...own.map((four) => `64:ff9b::${four}`)])
    assert.equal(isPublicAddress(address), false, address)
  for (const address of [
    '::',
    '::1',
    '::ffff:1.1.1.1',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    '3fff::1',
    '0:0:0:0:0:0:0:1',
  ])
    assert.equal(isPublicAddress(address), false, address)
})

test('what is no address is not public', () => {
  for (const text of ['', 'example.org', '1.1.1', '1.1.1.256', '2606:4700::1::2', '[2606:4700::1]', '2606:4700::1%eth0', '1.1.1.1 '])
    assert.equal(isPublicAddress(text), false, text)
})
