import { parentPort } from 'node:worker_threads'
import { errorToJson } from '@holt/core/errors.ts'
import type { Job } from '@holt/core/work-pool.ts'
import { nodejsEnvironment } from './environment.ts'
import { allJobs } from './jobs.ts'
import { freeDeadBuffersOfWorker } from './lean-heap.ts'
import type { FromWorker, ToWorker } from './work-pool.ts'

/** The entry of a worker thread: runs the jobs it is sent until it is ended. */

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread only')

const environment = nodejsEnvironment()
const running = new Map<number, AbortController>()

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

/** The buffers of large byte arrays at the top of an output are given away instead of copied. */
function givenAway(output: unknown): ArrayBuffer[] {
  if (typeof output !== 'object' || output === null) return []
  const buffers: ArrayBuffer[] = []
  for (const value of Object.values(output)) {
    if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) continue
    if (value.byteLength === value.buffer.byteLength && value.byteLength > 4096) buffers.push(value.buffer)
  }
  return buffers
}

async function runJob(id: number, name: string, input: unknown): Promise<void> {
  const cancel = new AbortController()
  running.set(id, cancel)
  try {
    const job = (allJobs as Record<string, Job<unknown, unknown>>)[name]
    if (job === undefined) throw new RangeError(`no job is called ${name}`)
    const output = await job(environment, input, cancel.signal)
    send({ id, output }, givenAway(output))
  } catch (error) {
    send({ id, error: errorToJson(error) })
  } finally {
    running.delete(id)
    freeDeadBuffersOfWorker()
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'cancel') running.get(message.id)?.abort()
  else void runJob(message.id, message.name, message.input)
})
