import type { Machine } from './machine/machine.ts'

/** What the box's root helper said to one call. */
export interface HelperAnswer {
  result?: unknown
  error?: { message: string; data?: { code?: string } }
}

/** A program for the node of the box: sends requests one after another and prints the answers as one JSON document. */
const program = `(async (requests) => {
  const socket = require('node:net').connect('/run/holt/appliance.sock')
  const answers = []
  let got = Buffer.alloc(0)
  const send = () => {
    const bytes = Buffer.from(JSON.stringify(requests[answers.length]))
    socket.write('Content-Length: ' + bytes.length + '\\r\\n\\r\\n' + bytes)
  }
  for await (const bytes of (send(), socket)) {
    got = Buffer.concat([got, bytes])
    for (;;) {
      const end = got.indexOf('\\r\\n\\r\\n')
      const length = Number(/content-length: (\\d+)/i.exec(got.subarray(0, Math.max(end, 0)).toString())?.[1])
      if (end < 0 || got.length < end + 4 + length) break
      const message = JSON.parse(got.subarray(end + 4, end + 4 + length))
      got = got.subarray(end + 4 + length)
      if (message.id === undefined) continue
      answers.push(message)
      if (answers.length < requests.length) send()
      else socket.end()
    }
    if (answers.length === requests.length) break
  }
  console.log(JSON.stringify(answers))
})`

/**
 * Asks the box's root helper as the node does: as its user, through its socket. Starting a program takes an emulated box seconds,
 * hence many calls at once.
 *
 * @returns the answers in the order of the calls.
 */
export async function askHelper(box: Machine, calls: readonly Call[]): Promise<HelperAnswer[]> {
  return JSON.parse(await box.shell.run(commandOf(calls), { limitMs: 120_000 })) as HelperAnswer[]
}

/** For a call after which the box goes away, perhaps before its shell can say what the answer was. */
export function tellHelper(box: Machine, call: Call): void {
  box.shell.begin(commandOf([call]))
}

type Call = readonly [method: string, params?: unknown]

function commandOf(calls: readonly Call[]): string {
  const requests = calls.map(([method, params = {}], i) => ({ jsonrpc: '2.0', id: i + 1, method, params }))
  const encoded = Buffer.from(`${program}(${JSON.stringify(requests)})`).toString('base64')
  const asNode = 'setpriv --reuid holt --regid holt --clear-groups /usr/lib/holt/node -e'
  return `${asNode} "eval(Buffer.from('${encoded}', 'base64').toString())"`
}
