import './runtime/polyfills.ts'
import { randomBytes } from 'node:crypto'
import type { RunningAdmin } from '@holt/admin/options.ts'
import { startAdmin } from '@holt/admin/server/start-admin.ts'
import { lockDataFolder } from '@holt/control/node/data-folder-lock.ts'
import { listenControl } from '@holt/control/node/socket.ts'
import { toHoltError } from '@holt/core/errors.ts'
import { createNode, type HoltNode } from '@holt/node/node.ts'
import type { PhonePower } from '@holt/node/power/phone-power.ts'
import { keepYoungSpaceSmall } from '@holt/platform-nodejs/lean-heap.ts'
import { startLanHost } from '@holt/platform-nodejs/network/lan-host.ts'
import { Bridge, type FromApp, type ToApp } from './bridge.ts'
import { useNetworks } from './networks.ts'
import { openMobilePlatform } from './open-mobile-platform.ts'
import { AppSignals } from './app-signals.ts'
import { BridgedMedia } from './phone-media.ts'
import { SharedInbox } from './shared-inbox.ts'
import { readStartOptions, type StartOptions } from './start-options.ts'

/** What watches over the node for its owner does so as rarely as its clock beats. */
const LOOK_EVERY_MS = 15 * 60_000

interface Surroundings {
  stopped: AbortController
  /** null where no app is. */
  media: BridgedMedia | null
  tell: (message: ToApp) => void
  /** What the app says of battery, line and who looks. */
  follow: (power: PhonePower, inbox: SharedInbox | null) => void
}

/** The entry of the app's node: one data folder, its page for this app alone, and the line to the app. */
async function main(options: StartOptions, { stopped, media, tell, follow }: Surroundings): Promise<void> {
  keepYoungSpaceSmall()
  const { peerPort: port, peerInterfaces: interfaces } = options
  const lock = await lockDataFolder(options.dataFolder)
  const platform = await openMobilePlatform({
    ...options,
    quota: { limitBytes: options.quotaBytes, reserveBytes: options.reserveBytes },
    workerUrl: new URL('./worker.cjs', import.meta.url),
    startHost: port === null ? null : (host) => startLanHost({ ...host, port, interfaces }),
    media,
    onDemand: (demand) => tell({ kind: 'demand', ...demand }),
    log,
  })
  const node = await createNode(platform, { onStop: () => stopped.abort() })
  const inbox = inboxOf(options, node)
  follow(platform.power, inbox)
  void inbox?.take()
  const socket = await listenControl(platform.dataFolder, node.control)
  const token = randomBytes(32).toString('hex')
  const admin = await openPage(options, node, { token, tell })
  const { state } = await node.control.call('node.status', {})
  tell({ kind: 'ready', url: admin.url, token, setupCode: admin.setupCode, state })
  if (!stopped.signal.aborted) await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve, { once: true }))
  await admin.close()
  await inbox?.close()
  await node.close()
  await socket.close()
  await platform.close()
  await lock.release()
}

function inboxOf({ inbox: folder }: StartOptions, { control, files }: HoltNode): SharedInbox | null {
  return folder === null ? null : new SharedInbox({ folder, control, files, warn: (text) => log('warn', text) })
}

async function openPage(
  options: StartOptions,
  node: HoltNode,
  { token, tell }: { token: string; tell: (message: ToApp) => void },
): Promise<RunningAdmin> {
  const admin = await startAdmin({
    control: node.control,
    files: node.files,
    shared: node.shared,
    dataFolder: options.dataFolder,
    listen: { host: '127.0.0.1', port: 0 },
    startToken: token,
    uiFolder: options.uiFolder,
    lookEveryMs: LOOK_EVERY_MS,
    log: { info: (text) => log('info', text), warn: (text) => log('warn', text), error: (text) => log('error', text) },
    onSetupCode: (code) => tell({ kind: 'setup-code', code }),
  })
  node.setPageUrl(admin.url)
  return admin
}

function log(level: 'info' | 'warn' | 'error', text: string): void {
  process.stderr.write(`${level}: ${text}\n`)
}

/** An error nobody awaited must not end the app's process silently: the app starts it again, and tells why. */
function failLoudly(tell: (message: ToApp) => void, close: () => Promise<void>): (error: unknown) => void {
  return (error) => {
    const { code, message } = toHoltError(error)
    log('error', `${message} (${code})${error instanceof Error ? `\n${error.stack}` : ''}`)
    tell({ kind: 'failed', code, message })
    void close().then(() => process.exit(1))
  }
}

const stopped = new AbortController()
let bridge: Bridge | null = null
const tell = (message: ToApp): void => (bridge === null ? log('info', JSON.stringify(message)) : bridge.send(message))
const fail = failLoudly(tell, async () => bridge?.close())
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.on('SIGTERM', () => stopped.abort())
async function run(): Promise<void> {
  const options = readStartOptions(process.argv[2])
  let media: BridgedMedia | null = null
  const signals = new AppSignals()
  const onMessage = (message: FromApp): void => {
    if (message.kind === 'stop') stopped.abort()
    else if (message.kind === 'networks') useNetworks(message.networks)
    else signals.heard(message)
  }
  if (options.bridge !== null) {
    const line = new Bridge(options.bridge, onMessage, () => stopped.abort())
    media = new BridgedMedia((question) => line.ask(question))
    signals.follow(media)
    bridge = line
  }
  await main(options, { stopped, media, tell, follow: (power, inbox) => signals.lead(power, inbox) })
  tell({ kind: 'stopped' })
  await bridge?.close()
  process.exit(0)
}

run().catch(fail)
