import { randomBytes } from 'node:crypto'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import type { SharedTree } from '@holt/control/shared-tree.ts'
import type { ShareInfo } from '@holt/control/shares.ts'
import { HoltError } from '@holt/core/errors.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }

/** Share links of a node in memory; what they hand out is whatever bytes a test says. */
export class MemoryShares implements SharedTree {
  readonly shares: ShareInfo[] = []
  /** Share id → bytes; CID text → bytes. */
  readonly documents = new Map<string, Uint8Array>()
  readonly blocks = new Map<string, Uint8Array>()
  /** Seconds since 1970. */
  now = Math.floor(Date.now() / 1000)

  readonly handlers: Handlers = {
    'shares.create': async ({ path, label, expires = null }) => {
      if (path === '/') throw new HoltError('INPUT_INVALID', 'choose a folder')
      const share: ShareInfo = {
        id: randomBytes(16).toString('hex'),
        secret: randomBytes(32).toString('base64url'),
        path,
        label: label ?? path.slice(path.lastIndexOf('/') + 1),
        made: this.now,
        expires,
        expired: false,
      }
      this.shares.unshift(share)
      return share
    },
    'shares.list': async () => ({ shares: this.shares.map((share) => ({ ...share, expired: this.#hasExpired(share) })) }),
    'shares.revoke': async ({ id }) => {
      this.#active(id, { expired: true })
      this.shares.splice(
        this.shares.findIndex((share) => share.id === id),
        1,
      )
      return {}
    },
  }

  isActive(id: string): boolean {
    return this.shares.some((share) => share.id === id && !this.#hasExpired(share))
  }

  async document(id: string): Promise<Uint8Array> {
    this.#active(id)
    return this.documents.get(id) ?? new Uint8Array(64)
  }

  async block(id: string, cid: string): Promise<Uint8Array> {
    this.#active(id)
    const bytes = this.blocks.get(cid)
    if (bytes === undefined) throw new HoltError('BLOCK_NOT_FOUND', 'this block is no part of what is shared')
    return bytes
  }

  #hasExpired({ expires }: ShareInfo): boolean {
    return expires !== null && this.now > expires
  }

  #active(id: string, { expired = false } = {}): void {
    const share = this.shares.find((one) => one.id === id)
    if (share === undefined) throw new HoltError('NOT_FOUND', 'there is no such share')
    if (!expired && this.#hasExpired(share)) throw new HoltError('CAP_EXPIRED', 'the link has expired')
  }
}
