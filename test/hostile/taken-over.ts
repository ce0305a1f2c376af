import { parentPort } from 'node:worker_threads'

/**
 * Stands in the place of the thread that runs a vat, as if a program had taken it over: it runs whatever JavaScript comes as its "script", with all that Node
 * gives a thread. Only for tests; nothing of it is in what ships.
 */

const port = parentPort
if (port === null) throw new Error('runs as a worker thread only')

type Told = { kind: string; id: number; opening?: { script: Uint8Array }; delivery?: unknown }

let run: ((port: unknown, delivery: unknown) => Promise<string>) | null = null

port.on('message', (message: Told) => {
  if (message.kind === 'open') {
    const source = new TextDecoder().decode(message.opening?.script)
    // oxlint-disable-next-line typescript/no-implied-eval -- to run whatever comes is what it is for
    run = new Function('port', 'delivery', `return (async () => { ${source} })()`) as typeof run
    port.postMessage({ kind: 'opened' })
  }
  if (message.kind !== 'deliver') return
  run?.(port, message.delivery).then(
    (text) => answer(message.id, text),
    (error: unknown) => answer(message.id, `threw ${String(error)}`),
  )
})

function answer(id: number, text: string): void {
  port?.postMessage({
    kind: 'delivered',
    id,
    result: { body: new TextEncoder().encode(String(text)), meter: 0, memoryBytes: 0, changes: [] },
  })
}

port.postMessage({ kind: 'ready' })
