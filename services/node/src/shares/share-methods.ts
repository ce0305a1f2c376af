import type { ShareInfo } from '@holt/control/shares.ts'
import { toBase64Url } from '@holt/core/bytes.ts'
import type { Methods } from '../method-table.ts'
import { nameOf } from '../entries.ts'
import { hasExpired, type Share } from './share-record.ts'
import type { Shares } from './shares.ts'

/** Calls on links that others read by. */
export function shareMethods(shares: () => Shares, nowSeconds: () => number): Methods<'shares.create' | 'shares.list' | 'shares.revoke'> {
  const info = (id: string, share: Share): ShareInfo => ({
    id,
    path: share.path,
    label: share.label,
    secret: toBase64Url(share.secret),
    made: share.made,
    expires: share.expires,
    expired: hasExpired(share, nowSeconds()),
  })
  return {
    'shares.create': async ({ path, label, expires }) => {
      const { id, share } = await shares().create({ path, label: label ?? nameOf(path), expires: expires ?? null })
      return info(id, share)
    },
    'shares.list': async () => ({
      shares: shares()
        .list()
        .map(({ id, share }) => info(id, share)),
    }),
    'shares.revoke': async ({ id }) => {
      await shares().revoke(id)
      return {}
    },
  }
}
