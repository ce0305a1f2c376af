import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeControl } from '@holt/control/fake-control.ts'
import { covering, notThere } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'
import type { MountRequest } from '../mount-folder.ts'

const { both } = covering('mount')
const answers = { 'files.list': () => ({ entries: [], more: false }) }

test('a directory of the tree, or how it was, becomes a folder', async () => {
  const requests: MountRequest[] = []
  const folders = {
    mount: async (request: MountRequest) => {
      requests.push(request)
      return { folder: '/mnt/then', ended: async () => {} }
    },
    unmount: async (folder: string) => folder,
  }
  const line = ['mount', 'then', 'photos', '--at', '2026-01-31', '--for', 'anna']
  const { text, json, control } = await both(line, answers, { surroundings: { folders } })
  assert.equal(text.out, '/photos is mounted on /mnt/then\n')
  assert.deepEqual(json, { folder: '/mnt/then', path: '/photos', readOnly: true, at: '2026-01-31' })
  assert.deepEqual(control.asked('files.list')[0], { path: '/photos', limit: 1, at: '2026-01-31' })
  const { folder, path, at, readOnly, onlyFor } = requests[0] as MountRequest
  assert.deepEqual(
    { folder, path, at, readOnly, onlyFor },
    { folder: 'then', path: '/photos', at: '2026-01-31', readOnly: true, onlyFor: 'anna' },
  )
})

test('nothing is mounted when the node has no such directory', async () => {
  const folders = {
    mount: async (): Promise<never> => assert.fail('it was mounted'),
    unmount: async (folder: string) => folder,
  }
  const { exitCode } = await holt(['mount', '/mnt', '/none'], {
    control: new FakeControl({ 'files.list': notThere }),
    surroundings: { folders },
  })
  assert.equal(exitCode, 3)
})

test('a folder is taken away, by force when it is in use', async () => {
  const taken: unknown[] = []
  const folders = {
    mount: async (): Promise<never> => assert.fail('it was mounted'),
    unmount: async (folder: string, { force }: { force: boolean }) => {
      taken.push([folder, force])
      return `/whole/${folder}`
    },
  }
  const { text, json } = await both(['unmount', 'then', '--force'], {}, { surroundings: { folders } })
  assert.equal(text.out, '/whole/then is not mounted any more\n')
  assert.deepEqual(json, { folder: '/whole/then' })
  assert.deepEqual(taken[0], ['then', true])
})
