import type { AdminApp, AdminContext } from '../context.ts'
import { accessRoutes } from './box-access.ts'
import { disksRoutes } from './box-disks.ts'
import { powerRoutes } from './box-power.ts'
import { bundleRoutes, updatesRoutes } from './box-updates.ts'

/** The machine under the node, where it is a box of ours; a node elsewhere answers NOT_A_BOX. */
export function boxRoutes(app: AdminApp, context: AdminContext): void {
  updatesRoutes(app, context)
  app.register(async (uploads: AdminApp) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    bundleRoutes(uploads, context)
  })
  disksRoutes(app, context)
  accessRoutes(app, context)
  powerRoutes(app, context)
}
