import { HoltError } from '@holt/core/errors.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'
import type { PhotoBackup } from './photo-backup.ts'

/** Calls on the pictures of a phone. */
export function photoMethods(tree: () => OpenTree): Methods<'photos.status' | 'photos.set' | 'photos.askAccess'> {
  const backup = (): PhotoBackup => {
    const { photos } = tree()
    if (photos === null) throw new HoltError('NOT_A_PHONE', 'this node does not run in the app of a phone')
    return photos
  }
  return {
    'photos.status': async () => backup().status(),
    'photos.set': async (choice) => backup().set(choice),
    'photos.askAccess': async () => ({ asked: await backup().askAccess() }),
  }
}
