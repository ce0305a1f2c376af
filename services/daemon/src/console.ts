/** What a person who started the node reads. Everything goes to stderr: stdout may carry the control protocol. */

export function log(level: 'info' | 'warn' | 'error', text: string): void {
  process.stderr.write(level === 'info' ? `${text}\n` : `${level}: ${text}\n`)
}

export interface Announcement {
  dataFolder: string
  pageUrl: string | null
  /** The page over HTTPS, and the fingerprint of the authority that devices install for it. */
  secure: { url: string; fingerprint: string } | null
  setupCode: string | null
  state: string
  problem: string | null
}

/** Shown once when the node is up. */
export function announce({ dataFolder, pageUrl, secure, setupCode, state, problem }: Announcement): void {
  const lines = ['', '  Holt is running.', '', `  Data   ${dataFolder}`]
  if (pageUrl !== null) lines.push(`  Page   ${pageUrl}`)
  if (secure !== null) lines.push(`         ${secure.url}   (authority: SHA-256 ${secure.fingerprint})`)
  if (setupCode !== null) lines.push(`  Code   ${setupCode}   (the page asks for it once)`)
  if (state === 'failed' && problem !== null) lines.push('', `  It cannot open its store: ${problem}`)
  lines.push('', '  Ctrl-C stops it.', '')
  process.stderr.write(`${lines.join('\n')}\n`)
}
