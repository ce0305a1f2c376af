/** The little of the inspector protocol that profiling needs, over the WebSocket of a running Node. */

export const MAIN_THREAD = 'main thread'

/** @param url as Node prints it after "Debugger listening on". */
export async function connectInspector(url) {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error(`no inspector answers at ${url}`)), { once: true })
  })
  const main = session((message) => socket.send(message))
  const threads = [{ name: MAIN_THREAD, send: main.send }]
  const workers = new Map()
  socket.addEventListener('message', ({ data }) => {
    const { method, params } = main.receive(data)
    if (method === 'NodeWorker.attachedToWorker') {
      const { sessionId, workerInfo } = params
      const worker = session((message) => void main.send('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => {}))
      workers.set(sessionId, worker)
      threads.push({ name: `worker ${workerInfo.workerId}`, send: worker.send })
      main.onWorker?.(threads[threads.length - 1])
    } else if (method === 'NodeWorker.receivedMessageFromWorker') workers.get(params.sessionId)?.receive(params.message)
    else if (method === 'NodeWorker.detachedFromWorker') workers.get(params.sessionId)?.end()
  })
  socket.addEventListener('close', () => {
    for (const each of [main, ...workers.values()]) each.end()
  })
  return {
    threads,
    /** Attaches to the worker threads there are and, until closed, to each that starts. */
    async followWorkers(onWorker) {
      main.onWorker = onWorker
      await main.send('NodeWorker.enable', { waitForDebuggerOnStart: false })
    },
    /** @returns the value of a JavaScript expression in the main thread. */
    evaluate: async (expression) => (await main.send('Runtime.evaluate', { expression, returnByValue: true })).result.value,
    /** Lets go of the worker threads, then of the process. */
    close: async () => {
      await main.send('NodeWorker.disable').catch(() => {})
      await new Promise((closed) => {
        socket.addEventListener('close', closed, { once: true })
        socket.close()
      })
    },
  }
}

/** Numbers calls and hands answers to those who wait; `end` fails all that still do, and all to come. */
function session(transmit) {
  const waiting = new Map()
  let nextId = 1
  let isOver = false
  return {
    onWorker: undefined,
    send(method, params = {}) {
      if (isOver) return Promise.reject(new Error('the thread ended'))
      const id = nextId++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        transmit(JSON.stringify({ id, method, params }))
      })
    },
    receive(text) {
      const message = JSON.parse(text)
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error !== undefined) call?.reject(new Error(message.error.message))
      else call?.resolve(message.result)
      return message
    },
    end() {
      isOver = true
      for (const call of waiting.values()) call.reject(new Error('the thread ended'))
      waiting.clear()
    },
  }
}
