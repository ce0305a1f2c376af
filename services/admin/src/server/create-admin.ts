import { join } from 'node:path'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { HoltError } from '@holt/core/errors.ts'
import Fastify from 'fastify'
import type { AdminOptions } from '../options.ts'
import { BackOff } from './auth/back-off.ts'
import { BoxAccount } from './auth/box-account.ts'
import { Owner } from './auth/owner.ts'
import type { PasswordCost } from './auth/password.ts'
import { Sessions } from './auth/sessions.ts'
import { SetupCode } from './auth/setup-code.ts'
import type { AdminApp, AdminContext } from './context.ts'
import { errorHandler, sendError } from './error-handler.ts'
import { ErrorBody } from './error-table.ts'
import { ownAddresses } from './https/own-addresses.ts'
import { PageCertificates } from './https/page-certificates.ts'
import { SecureListener } from './https/secure-listener.ts'
import { Jobs } from './jobs.ts'
import { describeApi } from './open-api.ts'
import { authorityRoutes } from './routes/authority.ts'
import { boxRoutes } from './routes/box.ts'
import { contentRoutes } from './routes/content.ts'
import { filesRoutes } from './routes/files.ts'
import { jobsRoutes } from './routes/jobs.ts'
import { keyRoutes } from './routes/key.ts'
import { machineRoutes } from './routes/machine.ts'
import { networkRoutes } from './routes/network.ts'
import { checkSignedIn, isKnown, sessionRoutes } from './routes/session.ts'
import { setupRoutes } from './routes/setup.ts'
import { storageRoutes } from './routes/storage.ts'
import { trashRoutes } from './routes/trash.ts'
import { isApi, secure } from './security.ts'
import { buildSerializers } from './serializers.ts'
import { servePage } from './serve-page.ts'

const HEADER_LIMIT_BYTES = 32 * 1024
const HEADERS_ARRIVAL_MS = 20_000
const BODY_LIMIT_BYTES = 256 * 1024
/** Of a connection on which nothing moves at all. */
const IDLE_LIMIT_MS = 5 * 60_000
const CONNECTION_LIMIT = 256
const limits = {
  maxHeaderSize: HEADER_LIMIT_BYTES,
  headersTimeout: HEADERS_ARRIVAL_MS,
  connections: CONNECTION_LIMIT,
  idleMs: IDLE_LIMIT_MS,
}
/** For strangers; a browser that was ever signed in is not counted. */
const REQUESTS_PER_MINUTE = 600

export interface Admin {
  app: AdminApp
  /** Listens when it is started; null where there is no HTTPS. */
  secure: SecureListener | null
  certificates: PageCertificates | null
  readonly setupCode: string | null
}

/** Tests lower the cost of the password and hold the clock. */
export interface AdminTesting {
  passwordCost?: PasswordCost
  now?: () => number
}

export async function createAdmin(options: AdminOptions, { passwordCost, now = Date.now }: AdminTesting = {}): Promise<Admin> {
  const { control, files, log, suggestDrives, dataFolder, onSetupCode = () => {} } = options
  const folder = join(dataFolder, 'web')
  const owner = await Owner.open(folder, { account: new BoxAccount(control), cost: passwordCost })
  const sessions = await Sessions.open(folder, now)
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
    log,
    suggestDrives,
    dataFolder,
    owner,
    sessions,
    backOff: new BackOff(now),
    jobs: new Jobs(log),
    https: certificates && { authority: () => certificates.authority, port: () => secure?.port ?? null },
    setupCode: () => setupCode,
    passwordSet,
  }
  const app = await createApp(options, context)
  if (certificates !== null && options.https !== undefined) {
    const listen = { host: options.listen.host, port: options.https.port }
    secure = new SecureListener({ certificates, listen, onRequest: (...both) => app.routing(...both), limits, log })
    const listener = secure
    app.addHook('onClose', () => listener.close())
  }
  return {
    app,
    secure,
    certificates,
    get setupCode() {
      return setupCode?.current ?? null
    },
  }
}

function certificatesFor({ listen, allowedHosts = [], log }: AdminOptions, folder: string, now: () => number): PageCertificates {
  const names = allowedHosts.map((name) => name.toLowerCase())
  return new PageCertificates({ folder, names, addresses: () => ownAddresses(listen.host), now, elapsedMs: () => performance.now(), log })
}

async function createApp({ log, uiFolder, allowedHosts = [] }: AdminOptions, context: AdminContext): Promise<AdminApp> {
  const app: AdminApp = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: IDLE_LIMIT_MS,
    forceCloseConnections: true,
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, headersTimeout: HEADERS_ARRIVAL_MS },
    routerOptions: { maxParamLength: 256 },
    schemaController: { compilersFactory: { buildSerializer: buildSerializers } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = CONNECTION_LIMIT
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler(errorHandler(log))
  app.addSchema(ErrorBody)
  await secure(app, allowedHosts)
  await app.register(cookie)
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: 60_000, allowList: (request) => isKnown(context, request) })
  await describeApi(app, '1')
  await addRoutes(app, context)
  await servePage(app, uiFolder)
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async (request, reply) =>
    sendError(reply, new HoltError('NOT_FOUND', isApi(request.url) ? 'no such route' : 'no such page')),
  )
  // Before the server closes its connections: watchers of a job get its end.
  app.addHook('preClose', () => context.jobs.close())
  return app
}

async function addRoutes(app: AdminApp, context: AdminContext): Promise<void> {
  sessionRoutes(app, context)
  authorityRoutes(app, context)
  await app.register(async (setup: AdminApp) => setupRoutes(setup, context))
  await app.register(async (owners: AdminApp) => {
    owners.addHook('onRequest', async (request) => checkSignedIn(context, request))
    keyRoutes(owners, context)
    filesRoutes(owners, context)
    trashRoutes(owners, context)
    contentRoutes(owners, context)
    storageRoutes(owners, context)
    jobsRoutes(owners, context)
    networkRoutes(owners, context)
    machineRoutes(owners, context)
    boxRoutes(owners, context)
  })
}
