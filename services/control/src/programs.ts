import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { Path } from './tree-types.ts'

/** Base64url of a block of docs/package-format.md. */
const Block = (maxBytes: number, description: string) =>
  Type.String({ maxLength: Math.ceil((maxBytes * 4) / 3), pattern: '^[A-Za-z0-9_-]*$', description: `base64url: ${description}` })

export const AuthorText = Type.String({ maxLength: 64, description: 'PeerId text form of a principal' })
const ProgramId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'hex; the same for all versions' })
const PowerName = Type.String({ maxLength: 32 })
const Stage = Type.String({ pattern: '^[0-9a-f]{16}$' })

const Wish = Type.Object({
  kind: Type.Union([
    Type.Literal('folder'),
    Type.Literal('hosts'),
    Type.Literal('page'),
    Type.Literal('clock'),
    Type.Literal('alarms'),
    Type.Literal('messages'),
    Type.Literal('signing'),
  ]),
  name: PowerName,
  reason: Type.String({ description: "the author's words" }),
  optional: Type.Boolean({ description: 'it works without' }),
  write: Type.Optional(Type.Boolean({ description: 'of a folder: it would also change what is in it' })),
  hosts: Type.Optional(Type.Array(Type.String())),
})
export type Wish = Static<typeof Wish>

const Grant = Type.Union([
  Type.Object({ kind: Type.Literal('folder'), name: PowerName, path: Path, write: Type.Boolean() }),
  Type.Object({
    kind: Type.Literal('hosts'),
    name: PowerName,
    hosts: Type.Array(Type.String({ maxLength: 260 }), { minItems: 1, maxItems: 64 }),
  }),
  Type.Object({
    kind: Type.Literal('page'),
    name: PowerName,
    network: Type.Boolean({ description: 'other machines reach it, not this one alone' }),
  }),
  Type.Object({ kind: Type.Literal('clock'), name: PowerName }),
  Type.Object({ kind: Type.Literal('alarms'), name: PowerName }),
  Type.Object({ kind: Type.Literal('signing'), name: PowerName }),
  Type.Object({
    kind: Type.Literal('messages'),
    name: PowerName,
    with: Type.Union([Type.Array(AuthorText, { minItems: 1, maxItems: 64 }), Type.Null()], {
      description: 'owners whose programs it hears and reaches; null: all friends, and the own programs',
    }),
  }),
])
export type ProgramGrant = Static<typeof Grant>

const packageFields = {
  id: ProgramId,
  package: Type.String({ description: 'CID' }),
  name: Type.String(),
  title: Type.String(),
  about: Type.String(),
  version: Type.String(),
  author: AuthorText,
  own: Type.Boolean({ description: 'the author is the owner of this node' }),
  icon: Type.Boolean({ description: 'it has one: programs.icon' }),
  code: Type.Union([Type.Literal('javascript'), Type.Literal('wasm')]),
  powers: Type.Array(Wish),
}
const PackageInfo = Type.Object(packageFields)
export type PackageInfo = Static<typeof PackageInfo>

const OwnLimits = Type.Object(
  {
    memory: Type.Optional(Type.Integer({ minimum: 65536, maximum: 2147483648 })),
    work: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000000000000000 })),
    storage: Type.Optional(Type.Integer({ minimum: 1, maximum: 268435456 })),
    streams: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { description: 'what the owner set; where it is left out the program has what it wishes, up to the default' },
)
export type OwnLimits = Static<typeof OwnLimits>

const InstalledInfo = Type.Object({
  ...packageFields,
  installed: Type.Integer({ description: 'this version, in seconds since 1970' }),
  here: Type.Boolean({ description: 'it is to run on this node; programs of the tree run on one node' }),
  running: Type.Boolean(),
  grants: Type.Array(Grant),
  page: Type.Union([Type.Object({ port: Type.Integer(), url: Type.String() }), Type.Null()]),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'why it did not start, or its page is not there' }),
  limits: Type.Object(
    {
      memory: Type.Integer(),
      work: Type.Integer({ description: 'of one delivery, in units of the meter' }),
      storage: Type.Integer(),
      timeMs: Type.Integer({ description: 'of one delivery' }),
      waiting: Type.Integer({ description: 'deliveries' }),
      streams: Type.Integer({ description: 'answers and WebSockets that are open at once' }),
    },
    { description: 'that hold' },
  ),
  ownLimits: OwnLimits,
  totals: Type.Union(
    [
      Type.Object({
        deliveries: Type.Integer(),
        failures: Type.Integer(),
        meter: Type.Integer({ description: 'work done, in units of the meter' }),
        timeMs: Type.Number(),
        memoryBytes: Type.Integer({ description: 'now; 0 while nothing of it runs' }),
        storeBytes: Type.Integer({ description: 'as its limit counts: an entry takes more than its bytes' }),
        lastMeter: Type.Integer({ description: 'work of the last delivery' }),
        mostMeter: Type.Integer({ description: 'of that which took most' }),
        waiting: Type.Integer(),
        streams: Type.Integer({ description: 'open now' }),
        sentBytes: Type.Integer({ description: 'over open answers and WebSockets' }),
        receivedBytes: Type.Integer({ description: 'over WebSockets' }),
      }),
      Type.Null(),
    ],
    { description: 'since it was started' },
  ),
})
export type InstalledInfo = Static<typeof InstalledInfo>

const Warning = Type.Union([
  Type.Object({
    kind: Type.Literal('imitates', { description: 'a program that is installed is called so, or nearly' }),
    title: Type.String(),
    author: AuthorText,
  }),
  Type.Object({ kind: Type.Literal('author-changed', { description: 'who signed the version before handed it over' }), from: AuthorText }),
])
export type PackageWarning = Static<typeof Warning>

const PowerUse = Type.Object({
  number: Type.Integer(),
  time: Type.Number({ description: 'seconds since 1970' }),
  program: ProgramId,
  power: Type.String({ description: 'its name; empty for what the owner did' }),
  what: Type.String(),
  about: Type.String(),
  code: Type.Union([Type.String(), Type.Null()], { description: 'how it was refused or failed' }),
})
export type PowerUse = Static<typeof PowerUse>

const LogLine = Type.Object({
  number: Type.Integer(),
  time: Type.Number({ description: 'seconds since 1970' }),
  level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]),
  text: Type.String(),
})
export type ProgramLogLine = Static<typeof LogLine>

const Empty = Type.Object({})

/** Programs: their packages, and what they may. */
export const programMethods = {
  'programs.author': {
    params: Empty,
    result: Type.Object({ author: AuthorText }),
    summary: 'The principal by which the owner signs packages',
  },
  'programs.sign': {
    params: Type.Object({
      manifest: Block(1 << 20, 'the manifest of the package'),
      handOvers: Type.Optional(Type.Array(Block(8192, 'a hand-over'), { maxItems: 16 })),
    }),
    result: Type.Object({ signature: Block(8192, 'the signature block of the package') }),
    summary: 'Signs a package whose manifest names the owner as its author',
  },
  'programs.handOver': {
    params: Type.Object({ program: Type.String({ maxLength: 32 }), to: AuthorText }),
    result: Type.Object({ handOver: Block(8192, 'what the next author adds to the signature') }),
    summary: 'Lets another author sign the next versions of a program of the owner',
  },
  'programs.stage': {
    params: Type.Object({
      stage: Type.Optional(Stage),
      base64: Type.Optional(Type.String({ maxLength: 1398104, description: 'the next part of the package' })),
      path: Type.Optional(Type.String({ maxLength: 16384, description: 'or a file of the tree that is one' })),
    }),
    result: Type.Object({ stage: Stage, sizeBytes: Type.Integer() }),
    summary: 'Brings a package, in parts; it waits in memory for a quarter of an hour',
  },
  'programs.inspect': {
    params: Type.Object({ stage: Stage }),
    result: Type.Object({
      ...packageFields,
      installed: Type.Union([InstalledInfo, Type.Null()]),
      warnings: Type.Array(Warning),
    }),
    summary: 'What a package is, who signed it, and what it wishes; refused for what would not be installed',
  },
  'programs.install': {
    params: Type.Object({ stage: Stage, grants: Type.Array(Grant, { maxItems: 32 }), limits: Type.Optional(OwnLimits) }),
    result: InstalledInfo,
    summary: 'Installs or updates a program with these powers, and starts it; what it stored stays',
  },
  'programs.list': {
    params: Empty,
    result: Type.Object({ programs: Type.Array(InstalledInfo) }),
    summary: 'Programs of the tree, what each may, and what those that run here do',
  },
  'programs.start': { params: Type.Object({ id: ProgramId }), result: InstalledInfo, summary: 'Runs a program on this node' },
  'programs.stop': {
    params: Type.Object({ id: ProgramId }),
    result: InstalledInfo,
    summary: 'Ends a program on this node; all it has stays',
  },
  'programs.remove': {
    params: Type.Object({ id: ProgramId }),
    result: Empty,
    summary: 'Ends a program and removes it with all that it stored',
  },
  'programs.grant': {
    params: Type.Object({ id: ProgramId, grant: Grant }),
    result: InstalledInfo,
    summary: 'Gives a program a power that it wishes, or another folder or other hosts for it',
  },
  'programs.revoke': {
    params: Type.Object({ id: ProgramId, power: PowerName }),
    result: InstalledInfo,
    summary: 'Takes a power back: it is refused from now on',
  },
  'programs.limit': {
    params: Type.Object({ id: ProgramId, limits: OwnLimits }),
    result: InstalledInfo,
    summary: 'Sets how much of this machine a program may have; it begins anew with that',
  },
  'programs.icon': {
    params: Type.Object({ id: Type.Optional(ProgramId), stage: Type.Optional(Stage) }),
    result: Type.Object({ type: Type.String({ description: 'media type of a picture' }), base64: Type.String() }),
    summary: 'The icon of an installed program, or of a package that was brought',
  },
  'programs.logs': {
    params: Type.Object({ id: ProgramId, after: Type.Optional(Type.Integer({ minimum: 0 })) }),
    result: Type.Object({ lines: Type.Array(LogLine) }),
    summary: 'What a program wrote, and what the node says of it: the last 128 KiB',
  },
  'programs.audit': {
    params: Type.Object({
      id: Type.Optional(ProgramId),
      power: Type.Optional(Type.String({ maxLength: 32, description: 'its name; empty for what the owner did' })),
      refused: Type.Optional(Type.Boolean({ description: 'only what was refused or failed, or only what was done' })),
      after: Type.Optional(Type.Integer({ minimum: 0 })),
      before: Type.Optional(Type.Integer({ minimum: 1 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000 })),
    }),
    result: Type.Object({
      uses: Type.Array(PowerUse, { description: 'oldest first: of those that fit the newest' }),
      more: Type.Boolean({ description: 'older ones fit too' }),
      programs: Type.Array(Type.Object({ id: ProgramId, title: Type.String() }), {
        description: 'all of which something is known, also those that are installed no more',
      }),
    }),
    summary: 'Uses of powers by programs, and what the owner did with them: the last of each program',
  },
} as const satisfies MethodSchemas
