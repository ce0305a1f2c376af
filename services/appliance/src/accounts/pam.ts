import { createRequire } from 'node:module'
import { HoltError } from '@holt/core/errors.ts'

/** Whether PAM lets this user in with this password. */
export type PamCheck = (user: string, password: string) => Promise<boolean>

/** The function of node-linux-pam's addon: an error text and PAM's code, or no error. */
type PamAddon = (
  options: { username: string; password: string; serviceName: string; remoteHost: string },
  done: (error: string | null | undefined, code: number) => void,
) => void

/** What PAM answers when it did its work and the answer is no. */
const refusals = new Set([
  6, // PAM_PERM_DENIED
  7, // PAM_AUTH_ERR
  10, // PAM_USER_UNKNOWN
  11, // PAM_MAXTRIES
  12, // PAM_NEW_AUTHTOK_REQD
  13, // PAM_ACCT_EXPIRED
])

/** The rules are in /etc/pam.d/holt. */
const SERVICE = 'holt'

/** @param file node-linux-pam's addon, built for this machine. @throws HoltError DEPENDENCY_MISSING at the first check when it is not there. */
export function pamCheck(file: string): PamCheck {
  let addon: PamAddon | undefined
  return (username, password) => {
    addon ??= load(file)
    const check = addon
    return new Promise((resolve, reject) => {
      check({ username, password, serviceName: SERVICE, remoteHost: '' }, (error, code) => {
        if (error === null || error === undefined) resolve(true)
        else if (refusals.has(code)) resolve(false)
        else reject(new HoltError('SYSTEM_REFUSED', `PAM cannot check passwords: ${error}`, { pamCode: code }))
      })
    })
  }
}

function load(file: string): PamAddon {
  try {
    return createRequire(import.meta.url)(file) as PamAddon
  } catch (error) {
    throw new HoltError(
      'DEPENDENCY_MISSING',
      `node-linux-pam is not built for this machine: ${(error as Error).message}`,
      { file },
      { cause: error },
    )
  }
}
