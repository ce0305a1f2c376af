import { createConnection, type Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { readSync, writeSync } from 'node:fs'
import { withSocketPath } from '@holt/control/node/socket-path.ts'
import { MOUNT_SOCKET } from '../mount-socket.ts'
import { MAX_REQUEST_BYTES, MAX_TRANSFER_BYTES, OUT_HEADER_BYTES } from '../protocol/numbers.ts'

/**
 * The process behind a mounted folder: it holds the device and carries messages between it and the node, nothing more. A thread for each way, which
 * blocks in its reads: an event loop would take longer than all else. One more writes notices, which the kernel may hold up while it waits for an answer.
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

type Role = { role: 'requests'; socket: number } | { role: 'answers'; socket: number; begun: Uint8Array } | { role: 'notices' }

if (isMainThread) await main(JSON.parse(process.argv[2] as string) as Arguments)
else await carry(workerData as Role)

async function main({ dataFolder, at, ...what }: Arguments): Promise<void> {
  const greeting = { v: 1, id: randomUUID(), ...what, ...(at === null ? {} : { at: /^\d+$/.test(at) ? Number(at) : at }) }
  const requests = await connect(dataFolder)
  const answers = await connect(dataFolder)
  const notices = thread({ role: 'notices' })
  answers.write(`${JSON.stringify({ ...greeting, role: 'answers' })}\n`)
  requests.write(`${JSON.stringify({ ...greeting, role: 'requests' })}\n`)
  const begun = await firstLine(answers)
  const reader = thread({ role: 'requests', socket: blocking(requests) })
  const writer = thread({ role: 'answers', socket: blocking(answers), begun })
  // with the first answer the kernel knows how long its requests may be
  writer.once('message', () => process.stdout.write('ready\n'))
  writer.on('message', (notice: Uint8Array | null) => {
    if (notice !== null) notices.postMessage(notice)
  })
  // unmounted: the node makes everything durable and hangs up
  reader.once('exit', () => requests.end())
  // a thread that waits in the kernel would hold up any gentler end
  writer.once('exit', () => process.kill(process.pid, 'SIGKILL'))
}

function thread(role: Role): Worker {
  return new Worker(new URL(import.meta.url), { workerData: role })
}

async function carry(what: Role): Promise<void> {
  if (what.role === 'requests') carryRequests(what.socket)
  else if (what.role === 'answers') await carryAnswers(what.socket, what.begun)
  else await carryNotices()
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

/** What the node says to the greeting; ends the process when it is no yes. @returns what came after it; nothing more is read here. */
function firstLine(socket: Socket): Promise<Uint8Array> {
  return new Promise((resolve) => {
    let text = ''
    const take = (bytes: Buffer): void => {
      const end = bytes.indexOf(10)
      text += bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8')
      if (end < 0) return
      socket.off('data', take)
      socket.off('close', gone)
      handleOf(socket).readStop()
      if (!(JSON.parse(text) as { ok: boolean }).ok) fail(text)
      resolve(bytes.subarray(end + 1))
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

interface SocketHandle {
  fd: number
  setBlocking(on: boolean): number
  readStop(): number
}

/** Node offers no other way to it. */
function handleOf(socket: Socket): SocketHandle {
  return (socket as unknown as { _handle: SocketHandle })._handle
}

/** The socket's descriptor, for a thread that waits in its reads and writes. */
function blocking(socket: Socket): number {
  const handle = handleOf(socket)
  handle.setBlocking(true)
  return handle.fd
}

/** Ends when the node hangs up. */
async function carryAnswers(socket: number, begun: Uint8Array): Promise<void> {
  const { parentPort } = await import('node:worker_threads')
  let isReady = false
  const take = (message: Uint8Array): void => {
    const isNotice = message.subarray(8, 16).every((byte) => byte === 0)
    if (!isNotice) writeToKernel(message)
    if (!isReady && !isNotice) parentPort?.postMessage(null)
    isReady ||= !isNotice
    if (isNotice) parentPort?.postMessage(message.slice())
  }
  const buffer = Buffer.allocUnsafeSlow(2 * (MAX_TRANSFER_BYTES + OUT_HEADER_BYTES))
  buffer.set(begun)
  let [from, to] = [0, begun.length]
  for (;;) {
    for (let length = lengthAt(buffer, from, to); length <= to - from; length = lengthAt(buffer, from, to)) {
      take(buffer.subarray(from, from + length))
      from += length
    }
    if (from === to) from = to = 0
    else if (from + MAX_TRANSFER_BYTES + OUT_HEADER_BYTES > buffer.length) {
      buffer.copyWithin(0, from, to)
      ;[from, to] = [0, to - from]
    }
    const count = readAnswers(socket, buffer.subarray(to))
    if (count === 0) return
    to += count
  }
}

/** 0: the node is gone. */
function readAnswers(socket: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(socket, into)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') return 0
    }
  }
}

/** Of the message that begins at `from`; longer than any while that is not known. */
function lengthAt(buffer: Buffer, from: number, to: number): number {
  return to - from < 4 ? Number.POSITIVE_INFINITY : buffer.readUInt32LE(from)
}

/** Who asked may be gone. */
function writeToKernel(message: Uint8Array): void {
  try {
    writeSync(DEVICE, message)
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
  parentPort?.on('message', (message: Uint8Array) => writeToKernel(message))
}
