import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { parseDaemonArguments } from './arguments.ts'

test('the unit of a box starts the node in words it knows: its page on all addresses, with HTTPS, under the names of the box', async () => {
  const unit = await readFile(new URL('../../../overlay/usr/lib/systemd/system/holt.service', import.meta.url), 'utf8')
  const words = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
  const own = words.slice(words.findIndex((word) => word.endsWith('/daemon.mjs')) + 1)
  const { port, httpsPort, listen, names, dataFolder } = parseDaemonArguments(own, {})
  assert.deepEqual(
    { port, httpsPort, listen, names, dataFolder },
    {
      port: 80,
      httpsPort: 443,
      listen: '::',
      names: ['holt.local', 'holt.lan'],
      dataFolder: '/data/holt',
    },
  )
})

test('other nodes are looked for on all local networks, on a box only inside, and not at all when told so', async () => {
  assert.deepEqual(parseDaemonArguments([], {}).peers, { port: 4660, interfaces: null })
  assert.deepEqual(parseDaemonArguments(['--peer-port', '0', '--peer-interface', 'lo'], {}).peers, { port: 0, interfaces: ['lo'] })
  assert.equal(parseDaemonArguments(['--no-peers', '--peer-port', '7'], {}).peers, null)
  const unit = await readFile(new URL('../../../overlay/usr/lib/systemd/system/holt.service', import.meta.url), 'utf8')
  assert.deepEqual(
    unit.match(/--peer-interface \S+/g),
    ['lan0', 'wg0', 'one0'].map((name) => `--peer-interface ${name}`),
  )
})

test('there is no HTTPS unless it is asked for, and only on a port that can be', () => {
  assert.equal(parseDaemonArguments([], {}).httpsPort, null)
  assert.equal(parseDaemonArguments(['--https', '0'], {}).httpsPort, 0)
  for (const odd of ['65536', '-1', '4e3', 'yes', ''])
    assert.throws(() => parseDaemonArguments([`--https=${odd}`], {}), { code: 'INPUT_INVALID' })
})
