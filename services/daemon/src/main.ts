import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startAdmin } from '@holt/admin/server/start-admin.ts'
import { exitCodeOf } from '@holt/cli/exit-codes.ts'
import { serveOverStdio } from '@holt/control/node/connection.ts'
import { lockDataFolder } from '@holt/control/node/data-folder-lock.ts'
import { listenControl } from '@holt/control/node/socket.ts'
import { toHoltError } from '@holt/core/errors.ts'
import { listenMounts } from '@holt/fuse/server/listen-mounts.ts'
import type { StartHost } from '@holt/network/host.ts'
import { createNode } from '@holt/node/node.ts'
import { fetchOut } from '@holt/platform-nodejs/programs/fetch-out.ts'
import { listenPage } from '@holt/platform-nodejs/programs/listen-page.ts'
import { openCagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import { freeDeadBuffers, keepYoungSpaceSmall } from '@holt/platform-nodejs/lean-heap.ts'
import { openNodejsPlatform } from '@holt/platform-nodejs/open-platform.ts'
import { Announcement } from './announcement.ts'
import { type DaemonArguments, parseDaemonArguments } from './arguments.ts'
import { findBoxHelper } from './box-helper.ts'
import { announce, log } from './console.ts'
import { suggestDrives } from './suggest-drives.ts'

/** The Linux entry: one node on one data folder, with its control socket and its page. */
async function main(args: DaemonArguments): Promise<void> {
  keepYoungSpaceSmall()
  freeDeadBuffers()
  const stopped = new AbortController()
  const platform = await openNodejsPlatform({ dataFolder: args.dataFolder, log })
  const box = await findBoxHelper(args.boxSocket)
  const lock = await lockDataFolder(platform.dataFolder)
  const sandbox = openCagedSandbox({ askAt: args.cageFolder })
  const node = await createNode(
    { ...platform, box, startHost: startHostWith(args.peers), sandbox, listenPage, fetchOut },
    { onStop: () => stopped.abort() },
  )
  const socket = await listenControl(platform.dataFolder, node.control)
  const mounts = await listenMounts(platform.dataFolder, { tree: node.mountable, control: node.control, log: (text) => log('warn', text) })
  const announcement = new Announcement(args.announcementFile, (text) => log('warn', text))
  const admin = args.page ? await openPage(args, platform.dataFolder, node, announcement) : null
  const stdio = args.stdio ? serveOverStdio(node.control) : null
  void stdio?.closed.then(() => stopped.abort())
  const { state, problem } = await node.control.call('node.status', {})
  announce({
    dataFolder: platform.dataFolder,
    pageUrl: admin?.url ?? null,
    secure: admin?.https ?? null,
    setupCode: admin?.setupCode ?? null,
    phoneUrl: admin?.phoneUrl ?? null,
    drawsCode: args.announcementFile === null,
    state,
    problem: problem ?? null,
  })

  isAnnounced = true
  await announcement.publish({
    page: admin?.url ?? null,
    code: admin?.setupCode ?? null,
    authority: admin?.https?.fingerprint ?? null,
    state,
  })

  await untilStopped(stopped)
  await admin?.close()
  await mounts.close()
  await node.close()
  await sandbox.stop()
  await socket.close()
  await platform.close()
  await lock.release()
}

/** Loaded when it is wanted: libp2p is large. */
function startHostWith(peers: DaemonArguments['peers']): StartHost | null {
  if (peers === null) return null
  return async (options) => {
    const { startLanHost } = await import('@holt/platform-nodejs/network/lan-host.ts')
    return startLanHost({ ...options, ...peers })
  }
}

let isAnnounced = false

async function openPage(
  args: DaemonArguments,
  dataFolder: string,
  node: Awaited<ReturnType<typeof createNode>>,
  announcement: Announcement,
) {
  const uiFolder = fileURLToPath(new URL('./ui', import.meta.url))
  await stat(uiFolder).catch(() => log('warn', `the page is not built (${uiFolder} is not there)`))
  const admin = await startAdmin({
    control: node.control,
    files: node.files,
    shared: node.shared,
    dataFolder,
    listen: { host: args.listen, port: args.port },
    uiFolder,
    log: { info: (text) => log('info', text), warn: (text) => log('warn', text), error: (text) => log('error', text) },
    onSetupCode: (code) => {
      // the first one is announced with all else
      if (isAnnounced) void announcement.publish({ code })
      if (isAnnounced && code !== null) log('info', `The page's code was used up by wrong tries; the new one is ${code}`)
    },
    suggestDrives,
    allowedHosts: args.names,
    ...(args.httpsPort === null ? {} : { https: { port: args.httpsPort } }),
  })
  node.setPageUrl(admin.url)
  node.setAppPasswords(admin.appPasswords)
  return admin
}

/** npm passes on a Ctrl-C that the terminal has sent to the node already: what comes so soon after the first is the same one. */
const SAME_CTRL_C_MS = 500

/** Until a signal, `node.stop`, or the end of stdin. A second signal does not wait. */
function untilStopped(stopped: AbortController): Promise<void> {
  let firstMs: number | null = null
  const onSignal = (): void => {
    if (firstMs !== null && performance.now() - firstMs > SAME_CTRL_C_MS) process.exit(130)
    firstMs ??= performance.now()
    stopped.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return new Promise((resolve) => {
    if (stopped.signal.aborted) resolve()
    stopped.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

try {
  await main(parseDaemonArguments(process.argv.slice(2), process.env))
  process.exit(0)
} catch (error) {
  const { code, message } = toHoltError(error)
  process.stderr.write(`holt: ${message} (${code})\n`)
  process.exit(exitCodeOf[code])
}
