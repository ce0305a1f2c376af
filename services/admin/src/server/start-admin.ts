import type { AddressInfo } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import type { AppPasswordBook } from '@holt/control/app-passwords.ts'
import type { AdminOptions, RunningAdmin } from '../options.ts'
import type { AppPasswords } from './auth/app-passwords.ts'
import { OWNER } from './auth/caller.ts'
import { type AdminTesting, createAdmin } from './create-admin.ts'

/**
 * Serves the page and its API until `close`.
 *
 * @throws HoltError IO_FAILED when the address cannot be listened on; MALFORMED when the page's own state is damaged.
 */
export async function startAdmin(options: AdminOptions, testing: AdminTesting = {}): Promise<RunningAdmin> {
  const admin = await createAdmin(options, testing)
  const { host, port } = options.listen
  try {
    await admin.app.listen({ host, port })
  } catch (error) {
    await admin.app.close()
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    throw new HoltError(
      'IO_FAILED',
      taken ? `port ${port} is taken by another program` : `cannot listen on ${host}:${port}`,
      { host, port },
      { cause: error },
    )
  }
  await admin.secure?.start()
  const url = urlOf(admin.app.server.address(), host)
  const https = (): RunningAdmin['https'] => {
    const [port, authority] = [admin.secure?.port, admin.certificates?.authority]
    if (!port || !authority) return null
    const { hostname } = new URL(url)
    return { url: new URL(`https://${hostname}:${port}/`).href, fingerprint: authority.fingerprint }
  }
  return {
    url,
    get https() {
      return https()
    },
    appPasswords: ownersBook(admin.appPasswords, () => new URL('dav/', https()?.url ?? url).href),
    phoneUrl: admin.phoneUrl,
    get setupCode() {
      return admin.setupCode
    },
    close: () => admin.app.close(),
  }
}

/** As the node's calls see it: it knows no people but the owner. */
function ownersBook(passwords: AppPasswords, url: () => string): AppPasswordBook {
  return {
    get url() {
      return url()
    },
    list: () => passwords.listOf(OWNER),
    make: (wish) => passwords.make(OWNER, wish),
    revoke: async (id) => void (await passwords.revoke(OWNER, id)),
  }
}

/** What a person on this machine can open. */
function urlOf(address: string | AddressInfo | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}/`
}
