import { api } from '../api/calls.ts'
import { download } from '../save-file.ts'
import { toastRefusal } from '../state/toasts.ts'

/** Downloads folders and files as one archive. */
export function downloadZip(paths: string[]): void {
  api.prepareZip(paths).then(({ id, name }) => download(`api/files/zip/${id}`, name), toastRefusal)
}
