import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { HoltError } from '@holt/core/errors.ts'
import Fastify from 'fastify'
import type { AdminOptions } from '../options.ts'
import { BackOff } from './auth/back-off.ts'
import { ActivityLog } from './activity/activity-log.ts'
import { recordActivity } from './activity/record-activity.ts'
import { AppPasswords } from './auth/app-passwords.ts'
import { BoxAccount } from './auth/box-account.ts'
import { Owner } from './auth/owner.ts'
import type { PasswordCost } from './auth/password.ts'
import { Passkeys } from './auth/passkeys.ts'
import { People } from './auth/people.ts'
import { isKnown } from './auth/recognise.ts'
import { Sessions } from './auth/sessions.ts'
import { SetupCode } from './auth/setup-code.ts'
import { Tokens } from './auth/tokens.ts'
import { guardRoutes } from './access/check-access.ts'
import { ConnectionCount } from './connection-limits.ts'
import type { AdminApp, AdminContext } from './context.ts'
import { addressErrors, errorHandler, sendError } from './error-handler.ts'
import { ErrorBody } from './error-table.ts'
import { addressForPhones, ownAddresses } from './https/own-addresses.ts'
import { PageCertificates } from './https/page-certificates.ts'
import { SecureListener } from './https/secure-listener.ts'
import { redirectTrusted } from './https/trusted-redirect.ts'
import { Jobs } from './jobs.ts'
import { describeApi } from './open-api.ts'
import { LiveEvents } from './events/live-events.ts'
import { tellOfJob } from './notify/tell-of-job.ts'
import { Notices } from './notify/notices.ts'
import { Push } from './notify/push.ts'
import { Watcher } from './notify/watcher.ts'
import { appPasswordRoutes } from './routes/app-passwords.ts'
import { activityRoutes } from './routes/activity.ts'
import { authorityRoutes } from './routes/authority.ts'
import { boxRoutes } from './routes/box.ts'
import { contentRoutes } from './routes/content.ts'
import { devicesRoutes } from './routes/devices.ts'
import { eventsRoutes } from './routes/events.ts'
import { filesRoutes } from './routes/files.ts'
import { invitedRoutes } from './routes/invited.ts'
import { jobsRoutes } from './routes/jobs.ts'
import { keyRoutes } from './routes/key.ts'
import { machineRoutes } from './routes/machine.ts'
import { photosRoutes } from './routes/photos.ts'
import { powerRoutes } from './routes/power.ts'
import { networkRoutes } from './routes/network.ts'
import { noticesRoutes, pushRoutes } from './routes/notices.ts'
import { selfCheckRoutes } from './routes/self-check.ts'
import { sessionRoutes } from './routes/session.ts'
import { passkeysRoutes } from './routes/passkeys.ts'
import { peopleRoutes } from './routes/people.ts'
import { setupRoutes } from './routes/setup.ts'
import { isShared, sharedRoutes } from './routes/shared.ts'
import { clusterRoutes } from './routes/cluster.ts'
import { peersOutlookRoutes } from './routes/peers-outlook.ts'
import { folderRoutes } from './routes/folders.ts'
import { peersRoutes } from './routes/peers.ts'
import { programsRoutes } from './routes/programs.ts'
import { sharesRoutes } from './routes/shares.ts'
import { blockTreeRoutes } from './routes/block-tree.ts'
import { retentionRoutes, storagePlansRoutes } from './routes/storage-plans.ts'
import { storageRoutes } from './routes/storage.ts'
import { tokensRoutes } from './routes/tokens.ts'
import { thumbnailRoutes } from './routes/thumbnails.ts'
import { trashRoutes } from './routes/trash.ts'
import { uploadsRoutes } from './routes/uploads.ts'
import { zipRoutes } from './routes/zip.ts'
import { isApi, secure } from './security.ts'
import { buildSerializers } from './serializers.ts'
import { servePage } from './serve-page.ts'
import { askForStartToken } from './start-token.ts'
import { StorageChecks } from './storage-checks.ts'
import { isDav, isKnownProgram } from './webdav/recognise-program.ts'
import { davRoutes, optionsOfTop } from './webdav/dav-routes.ts'

const HEADER_LIMIT_BYTES = 32 * 1024
const HEADERS_ARRIVAL_MS = 20_000
const BODY_LIMIT_BYTES = 256 * 1024
/** Of a connection on which nothing moves at all. */
const IDLE_LIMIT_MS = 5 * 60_000
const CONNECTION_LIMIT = 2048
const limits = {
  maxHeaderSize: HEADER_LIMIT_BYTES,
  headersTimeout: HEADERS_ARRIVAL_MS,
  connections: CONNECTION_LIMIT,
  idleMs: IDLE_LIMIT_MS,
}
/** For strangers; a browser that was ever signed in is not counted, nor is who has a share link. */
const REQUESTS_PER_MINUTE = 600

export interface Admin {
  app: AdminApp
  /** Listens when it is started; null where there is no HTTPS. */
  secure: SecureListener | null
  certificates: PageCertificates | null
  events: LiveEvents
  /** Where a phone in the same network opens the page; null where none can. */
  readonly phoneUrl: string | null
  /** Looks once a minute what the owner should be told. */
  watcher: Watcher
  appPasswords: AppPasswords
  readonly setupCode: string | null
}

/** Tests lower the cost of the password and hold the clock. */
export interface AdminTesting {
  passwordCost?: PasswordCost
  now?: () => number
}

export async function createAdmin(options: AdminOptions, { passwordCost, now = Date.now }: AdminTesting = {}): Promise<Admin> {
  const { control, files, shared, log, suggestDrives, dataFolder, onSetupCode = () => {} } = options
  const folder = join(dataFolder, 'web')
  const owner = await Owner.open(folder, { account: new BoxAccount(control), cost: passwordCost })
  const onProblem = (text: string): void => log.warn(text)
  const [sessions, people, passkeys, tokens, appPasswords, activity, checks, push] = await Promise.all([
    Sessions.open(folder, now),
    People.open(folder, { now, cost: passwordCost }),
    Passkeys.open(folder, now),
    Tokens.open(folder, now),
    AppPasswords.open(folder, { now, cost: passwordCost }),
    ActivityLog.open(folder, { now, onProblem }),
    StorageChecks.open(folder),
    Push.open(folder, { now, onProblem, ...options.push }),
  ])
  const events = new LiveEvents(control)
  const notices = await Notices.open(folder, {
    now,
    onProblem,
    onNotice: (person, notice) => {
      events.add({ kind: 'notice', person, data: notice })
      push.send(person, notice.kind)
    },
  })
  sessions.watchEnds((isEnded) => {
    push.drop(({ session }) => isEnded(session)).catch((error: Error) => onProblem(`a device cannot be forgotten: ${error.message}`))
  })
  const watcher = new Watcher({ control, notices, now, isSetUp: () => owner.progress.setUpFinished, everyMs: options.lookEveryMs })
  let setupCode = owner.hasPassword ? null : new SetupCode(onSetupCode, now)
  const passwordSet = (): void => {
    setupCode = null
    onSetupCode(null)
  }
  const certificates = options.https === undefined ? null : certificatesFor(options, join(folder, 'tls'), now)
  let secure: SecureListener | null = null
  const context: AdminContext = {
    control,
    files,
    shared,
    log,
    suggestDrives,
    dataFolder,
    owner,
    people,
    sessions,
    passkeys,
    tokens,
    appPasswords,
    activity,
    events,
    now,
    backOff: new BackOff(now),
    jobs: new Jobs(log, (job) => {
      events.add({ kind: 'job', data: job })
      tellOfJob(notices, job)
      checks.note(job).catch((error: Error) => log.warn('what came of a check cannot be kept', { error: error.message }))
    }),
    checks,
    notices,
    push,
    https: certificates && { authority: () => certificates.authority, port: () => secure?.port ?? null },
    setupCode: () => setupCode,
    passwordSet,
    phoneUrl: (near) => phoneUrl(app, options.listen.host, near),
  }
  activity.watch((entry) => events.add({ kind: 'activity', person: entry.person, data: entry }))
  const app: AdminApp = await createApp(options, context)
  watcher.start()
  app.addHook('onClose', async () => {
    await watcher.stop()
    await notices.close()
    await push.close()
  })
  const connections = new ConnectionCount()
  connections.watch(app.server)
  if (certificates !== null && options.https !== undefined) {
    const listen = { host: options.listen.host, port: options.https.port }
    secure = new SecureListener({
      certificates,
      listen,
      onRequest: (...both) => app.routing(...both),
      limits,
      onServer: (server) => connections.watch(server),
      log,
    })
    const listener = secure
    app.addHook('onClose', () => listener.close())
  }
  return {
    app,
    secure,
    certificates,
    events,
    get phoneUrl() {
      return context.phoneUrl()
    },
    watcher,
    appPasswords,
    get setupCode() {
      return setupCode?.current ?? null
    },
  }
}

function phoneUrl(app: AdminApp, host: string, near?: string): string | null {
  const listening = app.server.address()
  const address = addressForPhones(host, { near })
  if (address === null || listening === null || typeof listening === 'string') return null
  return new URL(`http://${isIPv6(address) ? `[${address}]` : address}:${listening.port}/`).href
}

function certificatesFor({ listen, allowedHosts = [], log }: AdminOptions, folder: string, now: () => number): PageCertificates {
  const names = allowedHosts.map((name) => name.toLowerCase())
  return new PageCertificates({ folder, names, addresses: () => ownAddresses(listen.host), now, elapsedMs: () => performance.now(), log })
}

async function createApp(
  { log, uiFolder, allowedHosts = [], startToken, lookEveryMs }: AdminOptions,
  context: AdminContext,
): Promise<AdminApp> {
  const app: AdminApp = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: IDLE_LIMIT_MS,
    forceCloseConnections: true,
    http: {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      headersTimeout: HEADERS_ARRIVAL_MS,
      ...(lookEveryMs === undefined ? {} : { connectionsCheckingInterval: lookEveryMs }),
    },
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: addressErrors,
    schemaController: { compilersFactory: { buildSerializer: buildSerializers } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = CONNECTION_LIMIT
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler(errorHandler(log))
  app.addSchema(ErrorBody)
  if (startToken !== undefined) askForStartToken(app, startToken)
  await secure(app, allowedHosts)
  await app.register(cookie)
  redirectTrusted(app, context)
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    allowList: (request) =>
      isDav(request.url) ? isKnownProgram(context, request) : isKnown(context, request) || isShared(context, request),
  })
  guardRoutes(app, context)
  recordActivity(app, context)
  await describeApi(app, '1')
  await addRoutes(app, context)
  await servePage(app, uiFolder)
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async (request, reply) =>
    sendError(reply, new HoltError('NOT_FOUND', isApi(request.url) ? 'no such route' : 'no such page')),
  )
  // Before the server closes its connections: watchers of a job get its end.
  app.addHook('preClose', async () => {
    await context.jobs.close()
    await context.events.close()
  })
  app.addHook('onClose', async () => {
    await context.activity.close()
    await context.checks.close()
  })
  return app
}

/** Who may call which is in `access/access-table.ts`. */
async function addRoutes(app: AdminApp, context: AdminContext): Promise<void> {
  sessionRoutes(app, context)
  authorityRoutes(app, context)
  invitedRoutes(app, context)
  sharedRoutes(app, context)
  await app.register(async (setup: AdminApp) => setupRoutes(setup, context))
  devicesRoutes(app, context)
  passkeysRoutes(app, context)
  peopleRoutes(app, context)
  tokensRoutes(app, context)
  activityRoutes(app, context)
  noticesRoutes(app, context)
  pushRoutes(app, context)
  selfCheckRoutes(app, context)
  eventsRoutes(app, context)
  keyRoutes(app, context)
  filesRoutes(app, context)
  trashRoutes(app, context)
  thumbnailRoutes(app, context)
  contentRoutes(app, context)
  uploadsRoutes(app, context)
  zipRoutes(app, context)
  peersRoutes(app, context)
  clusterRoutes(app, context)
  peersOutlookRoutes(app, context)
  folderRoutes(app, context)
  programsRoutes(app, context)
  sharesRoutes(app, context)
  blockTreeRoutes(app, context)
  storageRoutes(app, context)
  storagePlansRoutes(app, context)
  retentionRoutes(app, context)
  jobsRoutes(app, context)
  networkRoutes(app, context)
  machineRoutes(app, context)
  boxRoutes(app, context)
  photosRoutes(app, context)
  powerRoutes(app, context)
  appPasswordRoutes(app, context)
  optionsOfTop(app)
  await app.register(async (dav: AdminApp) => davRoutes(dav, context))
}
