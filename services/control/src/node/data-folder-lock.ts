import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import { someoneListens } from './socket-path.ts'

/** sun_path of Linux; a name is filled up to it, because Node versions differ in what they add to a shorter one. */
const ABSTRACT_NAME_BYTES = 108

export interface DataFolderLock {
  release(): Promise<void>
}

/**
 * Makes the folder (0700) if need be and this process its only node. The lock is an abstract socket: the kernel takes it
 * back when the process ends, however it ends. Abstract names belong to one network namespace; a node in another
 * (a container with the same folder) is found by its control socket, which belongs to the folder.
 *
 * @throws HoltError STORE_IN_USE when another process has it.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const server = hasAbstractNames() ? await listenAbstract(await lockName(folder)) : null
  if (server === 'taken' || (await someoneListens(folder))) {
    if (server !== 'taken') await close(server)
    throw new HoltError('STORE_IN_USE', `another node is running on ${folder}`, { folder })
  }
  return { release: () => close(server) }
}

/** Device and inode: whichever path leads to the folder. The secret: nobody else on the machine can take the name. */
async function lockName(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true })
  return `\0holt/${dev}/${ino}/${await lockSecret(folder)}/`.padEnd(ABSTRACT_NAME_BYTES, '-')
}

/** Made once per folder; of two processes that make it at the same time, both use the one that was first. */
async function lockSecret(folder: string): Promise<string> {
  const path = join(folder, 'lock')
  const mine = `${path}.${randomBytes(6).toString('hex')}`
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await writeFile(mine, randomBytes(16).toString('hex'), { mode: 0o600 })
  await link(mine, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(mine)
  return await readFile(path, 'latin1')
}

/** Elsewhere (and on phones, whose Node is older) the control socket alone shows another node. */
function hasAbstractNames(): boolean {
  return process.platform === 'linux' && Number(process.versions.node.split('.')[0]) >= 20
}

function listenAbstract(name: string): Promise<Server | 'taken'> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('taken')
      else reject(new HoltError('IO_FAILED', `the data folder cannot be locked: ${error.message}`, {}, { cause: error }))
    })
    server.listen({ path: name }, () => resolve(server))
  })
}

async function close(server: Server | null): Promise<void> {
  if (server === null) return
  await new Promise((resolve) => server.close(resolve))
}
