interface ScriptPolicy {
  createScriptURL: (url: string) => string
}

/** Browsers that check it want to be told by whom an address of a script was made; the page's policy allows this one and no other. */
let policy: ScriptPolicy | null = null

/** @param url of a script that was built with the page, never of anything that was stored or typed. */
export function ownScript(url: string): string {
  const types = (window as { trustedTypes?: { createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy } }).trustedTypes
  policy ??= types?.createPolicy('holt-worker', { createScriptURL: (text) => text }) ?? null
  return policy?.createScriptURL(url) ?? url
}
