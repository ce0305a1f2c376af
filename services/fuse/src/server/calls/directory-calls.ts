import { constants } from 'node:os'
import { openAnswer as opened } from '../../protocol/answers.ts'
import { DirectoryPage } from '../../protocol/directory-page.ts'
import { MAX_TRANSFER_BYTES, opcodes, openAnswer } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import { type CallContext, type Calls, DONE, type Outcome } from './calls.ts'

const { errno } = constants
const LIST_AT_ONCE = 256
/** Two names come before the first of the directory. */
const DOTS = 2

/** What is in a directory, a page at a time, with attributes or without. */
export function directoryCalls({ tree }: CallContext): Calls {
  async function open({ node }: Request): Promise<Outcome> {
    const { handle, isTold } = await tree.openDirectory(node)
    return opened(handle, isTold ? openAnswer.CACHE_DIR | openAnswer.KEEP_CACHE : 0)
  }

  async function list(request: Request, isPlus: boolean): Promise<Outcome> {
    const [handle, cookie, sizeBytes] = [request.u64(), request.u64(), request.u32()]
    if (sizeBytes > MAX_TRANSFER_BYTES) return errno.EINVAL
    const page = new DirectoryPage(sizeBytes)
    for (let dot = cookie + 1; dot <= DOTS; dot++) {
      const name = '.'.repeat(dot)
      if (!page.hasRoom(name, isPlus)) return page.bytes
      page.add({ name, type: 'directory', cookie: dot }, null, isPlus)
    }
    for (let after = Math.max(0, cookie - DOTS); ; ) {
      const names = await tree.list(handle, after, LIST_AT_ONCE)
      for (const listed of names) {
        if (!page.hasRoom(listed.name, isPlus)) return page.bytes
        const node = isPlus ? await tree.lookup({ parent: request.node, name: listed.name }).catch(() => null) : null
        page.add({ ...listed, cookie: listed.cookie + DOTS }, node, isPlus)
        after = listed.cookie
      }
      if (names.length < LIST_AT_ONCE) return page.bytes
    }
  }

  function release(request: Request): Outcome {
    tree.closeDirectory(request.u64())
    return DONE
  }

  return [
    [opcodes.OPENDIR, open],
    [opcodes.READDIR, (request) => list(request, false)],
    [opcodes.READDIRPLUS, (request) => list(request, true)],
    [opcodes.RELEASEDIR, release],
  ]
}
