import { createHash } from 'node:crypto'
import type { Control } from '@holt/control/schema.ts'
import type { MemoryMedia } from '@holt/node/photos/photo-world.ts'
import type { Answering, PhoneNode } from './phone-node.ts'

/** The app's part, with this list of pictures. */
export function answering(media: MemoryMedia): Answering {
  return async (question) => {
    switch (question.what) {
      case 'media-state':
        return media.state()
      case 'media-list':
        return (await media.list(question.volume, { after: question, videos: question.videos, limit: question.limit })).map(
          ({ id, change, name, sizeBytes, modified, month, video }) => ({ id, change, name, sizeBytes, modified, month, video }),
        )
      case 'media-count':
        return media.count(question.volume, { after: question, videos: question.videos })
      case 'media-read':
        return media.read(question.volume, question, question.offset, question.lengthBytes)
      case 'media-access':
        return media.askAccess()
    }
  }
}

/** As the app starts its node. */
export async function startPhone(node: PhoneNode, media: MemoryMedia): Promise<void> {
  node.answer = answering(media)
  await node.start()
  node.send({ kind: 'conditions', ...media.conditions() })
}

/** Every file at or below a folder, by path: the hash of what it holds. */
export async function hashesBelow(node: Control, path: string): Promise<Map<string, string>> {
  return await eachBelow(node, path, (at) => hashOf(node, at))
}

/** Every file, by path: what the tree calls its content, which only the same file on nodes of one owner has alike. */
export async function contentsBelow(node: Control, path: string): Promise<Map<string, string>> {
  return await eachBelow(node, path, async (_at, content) => content)
}

async function eachBelow(
  node: Control,
  path: string,
  look: (path: string, content: string) => Promise<string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let after: string | undefined, more = true; more; ) {
    const page = await node.call('files.list', { path, limit: 1000, ...(after === undefined ? {} : { after }) })
    for (const { name, type, content = '' } of page.entries) {
      const at = `${path}/${name}`
      if (type === 'directory') for (const [below, what] of await eachBelow(node, at, look)) found.set(below, what)
      else found.set(at, await look(at, content))
    }
    after = page.entries.at(-1)?.name
    ;({ more } = page)
  }
  return found
}

async function hashOf(node: Control, path: string): Promise<string> {
  const hash = createHash('sha256')
  const { stream } = await node.call('files.openRead', { path })
  for (;;) {
    const { base64, end } = await node.call('stream.read', { stream, maxBytes: 1 << 20 })
    if (end) break
    hash.update(Buffer.from(base64, 'base64'))
  }
  await node.call('stream.close', { stream })
  return hash.digest('hex')
}
