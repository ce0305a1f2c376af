import { createConnection, type Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { readSync, writeSync, writevSync } from 'node:fs'
import { withSocketPath } from '@holt/control/node/socket-path.ts'
import { MOUNT_SOCKET } from '../mount-socket.ts'
import { FrameSplitter } from '../protocol/frame-splitter.ts'
import { MAX_REQUEST_BYTES, MAX_TRANSFER_BYTES, OUT_HEADER_BYTES } from '../protocol/numbers.ts'

/**
 * The process behind a mounted folder: it holds the device and carries messages between it and the node, nothing more. Three threads:
 * this one takes answers, one reads the device and blocks there, one writes notices, which the kernel may hold up while it waits for an answer.
 */

const DEVICE = 3

interface Arguments {
  dataFolder: string
  path: string
  readOnly: boolean
  at: string | null
  uid: number
  gid: number
}

type Role = { role: 'requests'; socket: number } | { role: 'notices' }

if (isMainThread) await main(JSON.parse(process.argv[2] as string) as Arguments)
else if ((workerData as Role).role === 'requests') carryRequests((workerData as { socket: number }).socket)
else await carryNotices()

async function main({ dataFolder, at, ...what }: Arguments): Promise<void> {
  const greeting = { v: 1, id: randomUUID(), ...what, ...(at === null ? {} : { at: /^\d+$/.test(at) ? Number(at) : at }) }
  const requests = await connect(dataFolder)
  const answers = await connect(dataFolder)
  const notices = new Worker(new URL(import.meta.url), { workerData: { role: 'notices' } satisfies Role })
  answers.write(`${JSON.stringify({ ...greeting, role: 'answers' })}\n`)
  requests.write(`${JSON.stringify({ ...greeting, role: 'requests' })}\n`)
  await firstLine(answers)
  const reader = new Worker(new URL(import.meta.url), { workerData: { role: 'requests', socket: blocking(requests) } satisfies Role })
  carryAnswers(answers, notices)
  // unmounted: the node makes everything durable and hangs up
  reader.once('exit', () => requests.end())
  // a thread that waits in the kernel would hold up any gentler end
  answers.once('close', () => process.kill(process.pid, 'SIGKILL'))
}

function connect(dataFolder: string): Promise<Socket> {
  return withSocketPath(
    dataFolder,
    MOUNT_SOCKET,
    (path) =>
      new Promise((resolve, reject) => {
        const socket = createConnection(path)
        socket.once('connect', () => resolve(socket)).once('error', reject)
      }),
  )
}

/** What the node says to the greeting; ends the process when it is no yes. */
function firstLine(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let text = ''
    const take = (bytes: Buffer): void => {
      const end = bytes.indexOf(10)
      text += bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8')
      if (end < 0) return
      socket.off('data', take)
      socket.off('close', gone)
      socket.pause()
      if (end + 1 < bytes.length) socket.unshift(bytes.subarray(end + 1))
      if (!(JSON.parse(text) as { ok: boolean }).ok) fail(text)
      resolve()
    }
    const gone = (): void => fail(JSON.stringify({ ok: false, error: { code: 'NODE_STOPPING', message: 'the node has hung up' } }))
    socket.on('data', take)
    socket.once('close', gone)
  })
}

function fail(text: string): never {
  writeSync(1, `${text}\n`)
  process.exit(1)
}

/** The socket's descriptor, for a thread that waits in its writes. Node offers no other way to it. */
function blocking(socket: Socket): number {
  const handle = (socket as unknown as { _handle: { fd: number; setBlocking(on: boolean): number } })._handle
  handle.setBlocking(true)
  return handle.fd
}

function carryAnswers(answers: Socket, notices: Worker): void {
  let isReady = false
  const splitter = new FrameSplitter({ headBytes: OUT_HEADER_BYTES, maxBytes: MAX_TRANSFER_BYTES + OUT_HEADER_BYTES })
  answers.on('data', (bytes: Buffer) => {
    for (const { head, rest } of splitter.feed(bytes)) {
      const isNotice = head.subarray(8, 16).every((byte) => byte === 0)
      if (isNotice) notices.postMessage(Buffer.concat([head, ...rest]))
      else writeToKernel(rest.length === 0 ? [head] : [head, ...rest])
      // with the first answer the kernel knows how long its requests may be
      if (!isReady) process.stdout.write('ready\n')
      isReady = true
    }
  })
  answers.resume()
}

/** Who asked may be gone. */
function writeToKernel(parts: Uint8Array[]): void {
  try {
    writevSync(DEVICE, parts)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EINVAL') process.exitCode = 1
  }
}

/** Ends when the folder is unmounted. */
function carryRequests(socket: number): void {
  const buffer = Buffer.allocUnsafeSlow(MAX_REQUEST_BYTES)
  for (;;) {
    let length: number
    try {
      length = readSync(DEVICE, buffer, 0, buffer.length, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EINTR' || code === 'EAGAIN' || code === 'ENOENT') continue
      return
    }
    for (let sent = 0; sent < length; ) sent += writeSync(socket, buffer, sent, length - sent)
  }
}

async function carryNotices(): Promise<void> {
  const { parentPort } = await import('node:worker_threads')
  parentPort?.on('message', (message: Uint8Array) => writeToKernel([message]))
}
