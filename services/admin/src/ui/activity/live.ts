type Told = (data: unknown) => void

/** One connection for all who listen: a browser has few of them for all its tabs. */
let shared: { source: EventSource; listeners: number } | null = null

/** A live connection to what happens; the browser itself comes back to it, and says what it heard last. @returns how to end it. */
export function listen(kinds: Readonly<Record<string, Told>>): () => void {
  // one that was refused does not come back
  if (shared?.source.readyState === EventSource.CLOSED) shared = null
  shared ??= { source: new EventSource('api/events'), listeners: 0 }
  const connection = shared
  connection.listeners++
  const heard = Object.entries(kinds).map(([kind, told]) => {
    const hear = (event: Event): void => told(JSON.parse((event as MessageEvent<string>).data))
    connection.source.addEventListener(kind, hear)
    return () => connection.source.removeEventListener(kind, hear)
  })
  return () => {
    for (const stop of heard) stop()
    connection.listeners--
    if (connection.listeners > 0) return
    connection.source.close()
    if (shared === connection) shared = null
  }
}
