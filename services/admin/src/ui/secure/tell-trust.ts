import { securityApi } from '../api/security-calls.ts'

/**
 * Tells the node that this browser trusts its authority, so that the address without HTTPS leads here from now on. A service worker that runs proves it: no browser
 * allows one with a certificate that was clicked through.
 */
export function tellTrust(): void {
  if (window.location.protocol !== 'https:' || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.ready.then(() => securityApi.trustAuthority()).catch(() => {})
}
