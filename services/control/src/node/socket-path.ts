import { type FileHandle, open } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { HoltError, isHoltError } from '@holt/core/errors.ts'

export const CONTROL_SOCKET = 'control.sock'

/** What the kernel takes in a socket address, less the closing zero. */
const MAX_SOCKET_PATH_BYTES = 107

/**
 * Runs `use` with a path to a socket in the folder that fits a socket address, however deep the folder is: through the
 * open folder's own descriptor.
 *
 * @throws the foreign error when the folder cannot be opened.
 */
export async function withSocketPath<T>(folder: string, name: string, use: (path: string) => Promise<T>): Promise<T> {
  const direct = join(folder, name)
  if (Buffer.byteLength(direct) <= MAX_SOCKET_PATH_BYTES) return use(direct)
  const handle: FileHandle = await open(folder, 'r')
  try {
    return await use(`/proc/self/fd/${handle.fd}/${name}`)
  } finally {
    await handle.close()
  }
}

/** What a connect says when the socket is not there, is no socket, or nobody holds it any more. */
const nobodyThere = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED'])

/** @throws HoltError NODE_NOT_RUNNING when nobody listens, NOT_AUTHORIZED when it is another user's, IO_FAILED. */
export async function connectSocket(folder: string): Promise<Socket> {
  try {
    return await withSocketPath(folder, CONTROL_SOCKET, connected)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (nobodyThere.has(code ?? '')) throw new HoltError('NODE_NOT_RUNNING', `no node is running on ${folder}`, { folder }, { cause })
    if (code === 'EACCES' || code === 'EPERM') {
      throw new HoltError('NOT_AUTHORIZED', `the node's data folder ${folder} belongs to another user`, { folder }, { cause })
    }
    throw new HoltError('IO_FAILED', `the node on ${folder} does not take the connection: ${message}`, { folder }, { cause })
  }
}

/** False only when it is certain that nobody is there. */
export async function someoneListens(folder: string): Promise<boolean> {
  try {
    const socket = await connectSocket(folder)
    socket.destroy()
    return true
  } catch (error) {
    return !isHoltError(error, 'NODE_NOT_RUNNING')
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
