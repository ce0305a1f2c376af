import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import { nowSeconds } from '@holt/store/fragments/clock.ts'
import { parseHead } from '@holt/tree/caps/head.ts'
import { delegateWritecap, verifyChain, type Writecap, type WriteGrant } from '@holt/tree/caps/writecap.ts'
import { isAtOrUnder } from '@holt/tree/names.ts'
import type { Chain, TakenFolder } from './folder-record.ts'
import { lastOf } from './requests.ts'
import type { SharingContext } from './sharing-context.ts'

/** What may be written in folders of friends, as this node judges it: the owner's node judges for itself. */
export class HeldRights {
  readonly #context: SharingContext

  constructor(context: SharingContext) {
    this.#context = context
  }

  /** Chains that hold now. */
  holding(folder: TakenFolder): Chain[] {
    return folder.state === 'taken' ? folder.chains.filter((chain) => this.#problemOf(folder, chain) === null) : []
  }

  /** Paths within it that may be changed here now. */
  writable(folder: TakenFolder): string[] {
    return this.holding(folder).map((chain) => lastOf(chain).path)
  }

  #problemOf(folder: TakenFolder, chain: Chain): string | null {
    const { crypto, keys, clock, shelf } = this.#context
    const { id: volume, owner } = shelf.nameOf(folder)
    const revoked = folder.version === null ? [] : parseHead(folder.version.head).revoked
    try {
      verifyChain(crypto, chain, { volume, owner, writer: keys.owner.publicKey, revoked, at: nowSeconds(clock) })
      return null
    } catch (error) {
      return toHoltError(error).code
    }
  }

  /** What the owner says now takes the place of what it said before; why a right is not there any more is remembered. */
  withChains(folder: TakenFolder, told: readonly Chain[]): TakenFolder {
    const chains = told.filter((chain) => this.#problemOf(folder, chain) === null)
    const wasLost = folder.chains.length > 0 && chains.length === 0
    const why = folder.chains.every((chain) => this.#problemOf(folder, chain) === 'CAP_EXPIRED') ? 'CAP_EXPIRED' : 'CAP_REVOKED'
    return { ...folder, chains, lost: chains.length > 0 ? null : wasLost ? why : folder.lost }
  }

  /** Refuses changes here that the owner would not take. @throws HoltError NOT_AUTHORIZED, CAP_EXPIRED, CAP_REVOKED */
  check(path: string): void {
    for (const [, folder] of this.#context.shelf.taken()) {
      if (folder.state !== 'taken' || folder.version === null || !isAtOrUnder(path, folder.path)) continue
      if (path === folder.path) throw new HoltError('NOT_AUTHORIZED', `${path} is shared with you: leave it to be rid of it`, { path })
      const inside = path.slice(folder.path.length)
      const writable = this.writable(folder)
      if (!writable.some((one) => isAtOrUnder(inside, one))) throw refusal(folder, { path, mayElsewhere: writable.length > 0 })
    }
  }

  /** The right to write that is held here, with one more at its end. @throws HoltError NOT_AUTHORIZED */
  handedOn(folder: TakenFolder, grant: WriteGrant): Writecap[] {
    const { crypto, keys } = this.#context
    for (const chain of this.holding(folder)) {
      try {
        // it ends with what it comes from
        const { subject, path, depth } = grant
        const wanted = grant.expires === null ? { subject, path, ...(depth === undefined ? {} : { depth }) } : grant
        return delegateWritecap(crypto, chain, wanted, keys.owner.seed)
      } catch (error) {
        if (!isHoltError(error, 'NOT_AUTHORIZED')) throw error
      }
    }
    throw new HoltError('NOT_AUTHORIZED', 'you have no right to write there that may be handed on')
  }
}

function refusal({ chains, lost }: TakenFolder, { path, mayElsewhere }: { path: string; mayElsewhere: boolean }): HoltError {
  const why = mayElsewhere ? null : chains.length > 0 ? 'CAP_EXPIRED' : lost
  if (why === 'CAP_EXPIRED') return new HoltError(why, 'the time in which you could change this folder is over: ask its owner', { path })
  if (why === 'CAP_REVOKED') return new HoltError(why, 'the owner took the right to change this folder back: you can read it', { path })
  return new HoltError('NOT_AUTHORIZED', 'you may read this folder, not change it: ask its owner', { path })
}
