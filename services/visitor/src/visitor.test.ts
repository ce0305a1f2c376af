import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cidFromText } from '@holt/core/cid.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryBlockStore } from '@holt/tree/memory-block-store.ts'
import { issueReadcap } from '@holt/tree/caps/readcap.ts'
import { sealShare, shareKeys } from '@holt/tree/caps/share-link.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { TreeEntry } from '@holt/tree/types.ts'
import { hashFor, parseLink } from './page/link.ts'
import { nextPage } from './page/listing.ts'
import { openLink } from './page/open-link.ts'

const secret = new Uint8Array(32).fill(9)
const secretText = Buffer.from(secret).toString('base64url')
/** As in a page without https, where a browser has random numbers and no more. */
const crypto = createWebCrypto(() => ({ getRandomValues: (array) => globalThis.crypto.getRandomValues(array) }))

test('a link is a secret and a place, and nothing else is one', () => {
  assert.deepEqual(parseLink(`#${secretText}`), { secret, path: '/' })
  assert.deepEqual(parseLink(`#${secretText}/a%20b//%E6%B0%B4`), { secret, path: '/a b/水' })
  assert.equal(parseLink(`#${secretText}/%zz`)?.path, '/%zz')
  for (const wrong of ['', '#', '#/a', `#${secretText.slice(1)}`, `#${secretText}A`, '#ä', `#${secretText.replace('C', ' ')}`])
    assert.equal(parseLink(wrong), null, wrong)
  assert.equal(hashFor(`#${secretText}/x`, '/a b/#'), `#${secretText}/a%20b/%23`)
  assert.deepEqual(parseLink(hashFor(`#${secretText}`, '/a b/#')), { secret, path: '/a b/#' })
  assert.equal(hashFor(`#${secretText}/x`, '/'), `#${secretText}`)
})

/** A node that serves one share, and may lie. */
async function serving(content: string) {
  const store = new MemoryBlockStore()
  const writer = createFileWriter({ store, crypto, mode: 0o644, time: [1, 0], chunkLog2: 16, redundancyClass: 'standard' })
  await writer.write(new TextEncoder().encode(content))
  const entry: TreeEntry = await writer.close()
  const { id, key } = shareKeys(crypto, secret)
  const seed = new Uint8Array(32).fill(1)
  const grant = { label: 'a note', owner: crypto.ed25519PublicKey(seed), salt: new Uint8Array(16), expires: 5000 }
  const document = await sealShare(crypto, key, issueReadcap(crypto, { ...grant, target: { t: 'entry', entry, name: 'note.txt' } }, seed))
  const asked: string[] = []
  let lie = (bytes: Uint8Array): Uint8Array => bytes
  const fetch = (async (input: string) => {
    asked.push(input)
    const cid = /blocks\/(.+)$/.exec(input)?.[1]
    return new Response(lie(cid === undefined ? document : await store.get(cidFromText(cid))).slice())
  }) as typeof globalThis.fetch
  const options = { crypto, address: 'http://node.test/', nowSeconds: 1000, fetch }
  return {
    options,
    asked,
    id,
    lying: (how: typeof lie) => {
      lie = how
    },
  }
}

async function textOf(options: Parameters<typeof openLink>[1]): Promise<string> {
  const { content } = await openLink(secret, options)
  assert.equal(content.kind, 'file')
  return content.kind === 'file' ? content.file.text() : ''
}

test('opens what is shared; the node is asked by names only', async () => {
  const content = 'what was shared '.repeat(10_000)
  const { options, asked, id } = await serving(content)
  assert.equal(await textOf(options), content)
  assert.deepEqual([asked[0], asked.length], [`http://node.test/api/shared/${toHex(id)}`, 1 + 1 + 3])
  for (const url of asked) assert.ok(!url.includes(secretText) && !url.includes(toHex(secret)))
})

test('whatever a lying node answers, nothing false is shown', async () => {
  const { options, lying } = await serving('true')
  const flipped = (at: number) => (bytes: Uint8Array) => bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte))
  for (const at of [0, 1, 5, 20, 50, 1e6 - 1]) {
    lying(flipped(at))
    await assert.rejects(textOf(options), (error) => error instanceof HoltError, `bit at ${at}`)
  }
  lying(() => new Uint8Array(0))
  await assert.rejects(textOf(options), { code: 'MALFORMED' })
  lying((bytes) => bytes)
  const { content } = await openLink(secret, options)
  lying(flipped(3))
  if (content.kind === 'file') await assert.rejects(content.file.text(), { code: 'BLOCK_CORRUPT' })
})

test('says what the node says, and when none answers', async () => {
  const { options } = await serving('')
  const answering = (response: () => Promise<Response>) => openLink(secret, { ...options, fetch: response })
  const refusal = { code: 'CAP_EXPIRED', message: 'over', data: {} }
  await assert.rejects(
    answering(async () => new Response(JSON.stringify(refusal), { status: 403 })),
    { code: 'CAP_EXPIRED' },
  )
  await assert.rejects(
    answering(async () => new Response('<html>', { status: 502 })),
    { code: 'IO_FAILED' },
  )
  await assert.rejects(
    answering(async () => {
      throw new TypeError('failed to fetch')
    }),
    { code: 'NODE_NOT_RUNNING' },
  )
  await assert.rejects(openLink(secret, { ...options, nowSeconds: 5001 }), { code: 'CAP_EXPIRED' })
})

test('a folder is listed folders first, as people count, and page after page leaves nothing out', async () => {
  const entry = (t: 'd' | 'f') => ({ t }) as unknown as TreeEntry
  const all = ['b', 'a', '\u{1F600}', '\uFFFD', 'z'].map((name) => ({ name, entry: entry('f') }))
  all.push({ name: 'photo 10', entry: entry('f') }, { name: 'photo 9', entry: entry('f') }, { name: 'zoo', entry: entry('d') })
  all.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  const folder = {
    list: async (_path: string, { after }: { after?: string } = {}) => {
      const from = after === undefined ? 0 : all.findIndex(({ name }) => name === after) + 1
      return { entries: all.slice(from, from + 3), more: from + 3 < all.length }
    },
  } as unknown as Parameters<typeof nextPage>[0]
  let page: Awaited<ReturnType<typeof nextPage>> = { all: [], more: true }
  while (page.more) page = await nextPage(folder, '/', page.all)
  assert.equal(page.all.length, all.length)
  assert.equal(page.all[0]?.name, 'zoo')
  const names = page.all.map(({ name }) => name)
  assert.ok(names.indexOf('photo 9') < names.indexOf('photo 10'))
})
