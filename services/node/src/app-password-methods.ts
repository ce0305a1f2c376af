import type { AppPasswordBook } from '@holt/control/app-passwords.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'

type AppPasswordMethod = 'appPasswords.list' | 'appPasswords.make' | 'appPasswords.revoke'

/** Calls on the owner's passwords for WebDAV programs, which the page keeps. */
export function appPasswordMethods(book: () => AppPasswordBook | null, tree: () => OpenTree): Methods<AppPasswordMethod> {
  const theBook = (): AppPasswordBook => {
    const found = book()
    if (found === null)
      throw new HoltError('DEPENDENCY_MISSING', 'this node does not serve WebDAV: it is served with the page of a computer or box')
    return found
  }
  return {
    'appPasswords.list': async () => ({ url: theBook().url, passwords: theBook().list() }),
    'appPasswords.make': async (wish) => {
      const entry = await tree().volume.current().stat(wish.path)
      if (entry === null) throw new HoltError('NOT_FOUND', `${wish.path} is not there`, { path: wish.path })
      if (entry.t !== 'd' && entry.t !== 'v') throw new HoltError('NOT_A_DIRECTORY', `${wish.path} is no directory`, { path: wish.path })
      return { url: theBook().url, ...(await theBook().make(wish)) }
    },
    'appPasswords.revoke': async ({ id }) => {
      await theBook().revoke(id)
      return {}
    },
  }
}
