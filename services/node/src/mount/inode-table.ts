import { HoltError } from '@holt/core/errors.ts'
import { joinPath, splitPath } from '@holt/tree/names.ts'
import type { TreeEntry } from '@holt/tree/types.ts'
import { Inode, identityOf, lastingNumberOf } from './inode.ts'

export const TOP = 1

/** Where numbers come from: one for all that is shown in one mounted folder, its past included. */
export interface Numbers {
  give(): number
  /** Nobody knows it any more. */
  takeBack(number: number): void
}

/** Which number is what, and where it lies. */
export class InodeTable {
  readonly top: Inode
  readonly #base: readonly string[]
  readonly #numbers: Numbers
  readonly #byNumber = new Map<number, Inode>()
  /** null: as it was is not what it is, and has other numbers. */
  readonly #lasting: Set<number> | null

  /** @param path of the top in the tree; its number goes when it was looked up and is forgotten, as any other. */
  constructor(path: string, entry: TreeEntry, { numbers, isNow }: { numbers: Numbers; isNow: boolean }) {
    this.#base = splitPath(path)
    this.#numbers = numbers
    this.#lasting = isNow ? new Set() : null
    this.top = this.#add(null, '', entry)
  }

  #add(parent: Inode | null, name: string, entry: TreeEntry): Inode {
    const inode = new Inode(this.#numbers.give(), { parent, name }, entry)
    this.#byNumber.set(inode.number, inode)
    this.#giveLasting(inode, entry)
    parent?.children.set(name, inode)
    return inode
  }

  /** Two that are known at the same time have two, whatever keys they have. */
  #giveLasting(inode: Inode, entry: TreeEntry): void {
    const lasting = this.#lasting === null ? null : lastingNumberOf(entry)
    if (lasting === null || this.#lasting?.has(lasting) === true) return
    this.#lasting?.add(lasting)
    inode.lasting = lasting
  }

  /** @throws HoltError NOT_FOUND for what was forgotten. */
  get(number: number): Inode {
    const inode = this.#byNumber.get(number)
    if (inode === undefined) throw new HoltError('NOT_FOUND', `nothing has number ${number}`, { number })
    return inode
  }

  /** In the tree. @throws HoltError NOT_FOUND when nothing has this name any more. */
  pathOf(inode: Inode, name?: string): string {
    const names = name === undefined ? [] : [name]
    for (let at = inode; at.parent !== null; at = at.parent) {
      if (at.isGone) throw new HoltError('NOT_FOUND', `${at.name} was removed`)
      names.push(at.name)
    }
    return joinPath([...this.#base, ...names.reverse()])
  }

  /** What has this path, if it has a number. */
  find(path: string): Inode | null {
    const names = splitPath(path)
    if (this.#base.some((name, i) => names[i] !== name)) return null
    let at: Inode | undefined = this.top
    for (const name of names.slice(this.#base.length)) at = at?.children.get(name)
    return at ?? null
  }

  /** What the entry of this name is known as; a number of its own when it is none that was known. */
  seen(parent: Inode, name: string, entry: TreeEntry): Inode {
    const known = parent.children.get(name)
    if (known !== undefined && known.identity === identityOf(entry)) return known
    if (known !== undefined) this.lose(known)
    return this.#add(parent, name, entry)
  }

  /** Its name is another's or nobody's. */
  lose(inode: Inode): void {
    inode.isGone = true
    if (inode.parent?.children.get(inode.name) === inode) inode.parent.children.delete(inode.name)
    this.dropIfUnused(inode)
  }

  move(inode: Inode, parent: Inode, name: string): void {
    if (inode.parent?.children.get(inode.name) === inode) inode.parent.children.delete(inode.name)
    inode.parent = parent
    inode.name = name
    parent.children.set(name, inode)
  }

  forget(inode: Inode, count: number): void {
    inode.lookups = Math.max(0, inode.lookups - count)
    this.dropIfUnused(inode)
  }

  /** To be asked when it was closed, saved or forgotten. */
  dropIfUnused(inode: Inode): void {
    for (let at: Inode | null = inode; at !== null && isUnused(at); at = at.parent) {
      this.#byNumber.delete(at.number)
      this.#numbers.takeBack(at.number)
      if (at.lasting !== null) this.#lasting?.delete(at.lasting)
      if (at.parent?.children.get(at.name) === at) at.parent.children.delete(at.name)
    }
  }

  all(): Iterable<Inode> {
    return this.#byNumber.values()
  }
}

function isUnused({ lookups, opens, file, children }: Inode): boolean {
  return lookups === 0 && opens === 0 && file === null && children.size === 0
}
