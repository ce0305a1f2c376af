/** A live connection to what happens; the browser itself comes back to it, and says what it heard last. */
export function listen(kinds: Readonly<Record<string, (data: unknown) => void>>): () => void {
  const source = new EventSource('api/events')
  for (const [kind, told] of Object.entries(kinds))
    source.addEventListener(kind, (event) => told(JSON.parse((event as MessageEvent<string>).data)))
  return () => source.close()
}
