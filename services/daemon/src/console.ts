/** What a person who started the node reads. Everything goes to stderr: stdout may carry the control protocol. */

export function log(level: 'info' | 'warn' | 'error', text: string): void {
  process.stderr.write(level === 'info' ? `${text}\n` : `${level}: ${text}\n`)
}

export interface Announcement {
  dataFolder: string
  pageUrl: string | null
  setupCode: string | null
  state: string
  problem: string | null
}

/** Shown once when the node is up. */
export function announce({ dataFolder, pageUrl, setupCode, state, problem }: Announcement): void {
  const lines = ['', '  Holt is running.', '', `  Data   ${dataFolder}`]
  if (pageUrl !== null) lines.push(`  Page   ${pageUrl}`)
  if (setupCode !== null) lines.push(`  Code   ${setupCode}   (the page asks for it once)`)
  if (state === 'failed' && problem !== null) lines.push('', `  It cannot open its store: ${problem}`)
  lines.push('', '  Ctrl-C stops it.', '')
  process.stderr.write(`${lines.join('\n')}\n`)
}
