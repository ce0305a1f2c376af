import { chmod, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { errorToJson, toHoltError } from '@holt/core/errors.ts'
import type { Control } from '@holt/control/schema.ts'
import type { MountableTree } from '@holt/control/mounted-tree.ts'
import { withSocketPath } from '@holt/control/node/socket-path.ts'
import { MOUNT_SOCKET } from '../mount-socket.ts'
import { FrameSplitter } from '../protocol/frame-splitter.ts'
import { IN_HEADER_BYTES, MAX_REQUEST_BYTES, WRITE_IN_BYTES } from '../protocol/numbers.ts'
import { changedNotice, renamedNotice } from '../protocol/answers.ts'
import { type Greeting, readGreeting } from './greeting.ts'
import { KernelSession } from './kernel-session.ts'
import { FileLocks } from './locks/file-locks.ts'

export interface MountListener {
  /** What is mounted is made durable and ends. */
  close(): Promise<void>
}

interface Pair {
  requests?: Socket
  answers?: Socket
  greeting?: Greeting
}

/**
 * Takes connections of processes that hold a mounted /dev/fuse, on `mount.sock` in the data folder, for its owner only. Each makes two:
 * one brings what the kernel asks, one takes what it is answered, both exactly as the kernel reads and writes it. The socket is there as
 * soon as there is a tree: a box mounts it then.
 */
export async function listenMounts(
  dataFolder: string,
  { tree, control, log }: { tree: MountableTree; control: Control; log: (text: string) => void },
): Promise<MountListener> {
  const fileLocks = new FileLocks({ control, othersKnown: tree.othersKnown, log })
  const pairs = new Map<string, Pair>()
  const running = new Set<Promise<void>>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    readGreeting(socket).then(
      (greeting) => meet(greeting, socket),
      () => socket.destroy(),
    )
  })

  function meet(greeting: Greeting, socket: Socket): void {
    const pair = pairs.get(greeting.id) ?? {}
    pairs.set(greeting.id, pair)
    pair[greeting.role] = socket
    if (greeting.role === 'answers') pair.greeting = greeting
    socket.once('close', () => pairs.delete(greeting.id))
    if (pair.requests === undefined || pair.answers === undefined || pair.greeting === undefined) return
    pairs.delete(greeting.id)
    const run = serveMount(tree, { requests: pair.requests, answers: pair.answers, greeting: pair.greeting }, { fileLocks, log })
    running.add(run)
    void run.finally(() => running.delete(run))
  }

  async function listen(): Promise<void> {
    const begin = (path: string): Promise<void> =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ path }, resolve)
      })
    await withSocketPath(dataFolder, MOUNT_SOCKET, begin)
    await chmod(join(dataFolder, MOUNT_SOCKET), 0o600)
  }
  await rm(join(dataFolder, MOUNT_SOCKET), { force: true })
  let isClosed = false
  let listening: Promise<void> | null = null
  void tree.ready.then(() => {
    if (!isClosed) listening = listen().catch((error: unknown) => log(`folders cannot be mounted: ${toHoltError(error).message}`))
  })
  return {
    close: async () => {
      isClosed = true
      await listening
      const closed = new Promise((resolve) => server.close(resolve))
      await rm(join(dataFolder, MOUNT_SOCKET), { force: true })
      for (const socket of sockets) socket.destroy()
      await Promise.all(running)
      await fileLocks.close()
      await closed
    },
  }
}

/** Resolves when the kernel or the process is gone, and everything is durable. */
async function serveMount(
  tree: MountableTree,
  { requests, answers, greeting }: Required<Pair>,
  { fileLocks, log }: { fileLocks: FileLocks; log: (text: string) => void },
): Promise<void> {
  const send = (message: Uint8Array[]): void => {
    if (message.length > 1) answers.cork()
    for (const part of message) answers.write(part)
    if (message.length > 1) answers.uncork()
  }
  try {
    const events = {
      changed: (number: number) => send(changedNotice(number)),
      renamed: (parent: number, name: string) => send(renamedNotice(parent, name)),
    }
    const { path, readOnly, at, uid, gid } = greeting
    const mount = await tree.mount({ path, readOnly, uid, gid, events, ...(at === undefined ? {} : { at }) })
    answers.write(`${JSON.stringify({ ok: true })}\n`)
    try {
      await serveRequests(new KernelSession(mount, send, { fileLocks }), requests)
    } finally {
      await mount.end()
    }
  } catch (error) {
    const { code, message } = errorToJson(error)
    log(`${greeting.path} is not mounted any more: ${message} (${code})`)
    if (answers.writable) answers.write(`${JSON.stringify({ ok: false, error: errorToJson(error) })}\n`)
  } finally {
    requests.destroy()
    answers.end()
  }
}

function serveRequests(session: KernelSession, requests: Socket): Promise<void> {
  const splitter = new FrameSplitter({ headBytes: IN_HEADER_BYTES + WRITE_IN_BYTES, maxBytes: MAX_REQUEST_BYTES })
  return new Promise((resolve, reject) => {
    const underWay = new Set<Promise<void>>()
    requests.on('data', (bytes: Buffer) => {
      try {
        for (const frame of splitter.feed(bytes)) {
          const done = session.handle(frame).catch(reject)
          underWay.add(done)
          void done.finally(() => underWay.delete(done))
        }
      } catch (error) {
        reject(toHoltError(error))
      }
    })
    requests.once('close', () => session.end())
    requests.once('close', () => void Promise.allSettled(underWay).then(() => resolve()))
    requests.resume()
  })
}
