import type { FileUploads, Upload } from '@holt/control/streams.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Caller, mayWrite, notYours } from '../auth/caller.ts'

/** Uploads as one caller may use them: those that go where they may write. An id alone opens nothing. */
export function guardedUploads(uploads: FileUploads, caller: Caller): FileUploads {
  const mine = ({ path }: Pick<Upload, 'path'>): boolean => mayWrite(caller, path)
  const checkMine = async (id: string): Promise<void> => {
    const upload = (await uploads.list()).find((one) => one.id === id)
    if (upload === undefined) throw new HoltError('NOT_FOUND', 'there is no such upload (any more)')
    checkPath(upload.path)
  }
  const checkPath = (path: string): void => {
    if (!mine({ path })) throw notYours(path)
  }
  return {
    create: async (upload) => {
      checkPath(upload.path)
      return uploads.create(upload)
    },
    find: async (id) => {
      await checkMine(id)
      return uploads.find(id)
    },
    list: async () => (await uploads.list()).filter(mine),
    append: async (id, offset, body, options) => {
      await checkMine(id)
      return uploads.append(id, offset, body, options)
    },
    retarget: async (id, to) => {
      await checkMine(id)
      checkPath(to.path)
      return uploads.retarget(id, to)
    },
    discard: async (id) => {
      await checkMine(id)
      await uploads.discard(id)
    },
  }
}
