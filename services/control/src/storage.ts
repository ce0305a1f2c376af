import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { Path, Seconds } from './tree-types.ts'

/** What the owner decides about space: how safe each folder is kept, how long versions are, and where it leads. */

const Empty = Type.Object({}, { additionalProperties: false })
const Bytes = Type.Integer({ minimum: 0 })
const Series = Type.Array(Type.Union([Bytes, Type.Null()]))

export const SpaceHistory = Type.Object({
  startTime: Type.Number({ description: 'when the first step began, in seconds since 1970' }),
  stepSeconds: Type.Integer(),
  total: Type.Array(Type.Union([Bytes, Type.Null()]), { description: 'of all drives; null where nothing is known or a drive was missing' }),
  free: Series,
  fragments: Type.Array(Type.Union([Bytes, Type.Null()]), { description: 'what the fragments of this node take' }),
  forecast: Type.Union([
    Type.Object({ kind: Type.Literal('full'), inSeconds: Type.Number({ minimum: 0 }) }, { description: 'at the pace of the last weeks' }),
    Type.Object({ kind: Type.Literal('slow') }, { description: 'it does not grow, or so slowly that it lasts for years' }),
    Type.Object({ kind: Type.Literal('unknown') }, { description: 'too little is known yet, or it goes up and down' }),
  ]),
})
export type SpaceHistory = Static<typeof SpaceHistory>

export const ClassChoice = Type.Object({
  name: Type.String(),
  dataFragments: Type.Integer({ description: 'k: as many fragments as it takes to rebuild' }),
  totalFragments: Type.Integer({ description: 'n' }),
  setByOwner: Type.Boolean(),
  lossesSurvived: Type.Integer({
    description: 'how many lost drives what is written now would survive, with the drives that are there now',
  }),
})
export type ClassChoice = Static<typeof ClassChoice>

export const FolderClass = Type.Object({ path: Type.String(), redundancyClass: Type.String() })
export type FolderClass = Static<typeof FolderClass>

export const FolderFacts = Type.Object({
  redundancyClass: Type.String({ description: 'that holds for what is written here' }),
  ownClass: Type.Union([Type.String(), Type.Null()], { description: 'set on this very folder' }),
  bytes: Type.Integer({ description: 'of the files in it and below' }),
  files: Type.Integer(),
  complete: Type.Boolean({ description: 'false: there is more than could be counted in a moment' }),
})
export type FolderFacts = Static<typeof FolderFacts>

export const RetentionRules = Type.Object({
  keepAllHours: Type.Integer({ minimum: 0 }),
  hourlyDays: Type.Integer({ minimum: 0 }),
  dailyDays: Type.Integer({ minimum: 0 }),
  trashDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36500 })),
})

export const RetentionPreview = Type.Object({
  versions: Type.Integer({ description: 'that are kept now' }),
  dropped: Type.Integer({ description: 'of them, those that these rules would drop' }),
  oldestSeconds: Type.Union([Seconds, Type.Null()], { description: 'of the oldest that would stay' }),
  trashItems: Type.Integer(),
  trashDropped: Type.Integer({ description: 'of what is in the trash, what would go for good' }),
})
export type RetentionPreview = Static<typeof RetentionPreview>

export const storageMethods = {
  'space.history': {
    params: Type.Object(
      { span: Type.Union([Type.Literal('month'), Type.Literal('years')], { description: 'a month by the hour, three years by the day' }) },
      { additionalProperties: false },
    ),
    result: SpaceHistory,
    summary: 'How full the drives were, and when they would be full',
  },
  'classes.choices': {
    params: Empty,
    result: Type.Object({
      drives: Type.Integer({ description: 'of this node' }),
      missing: Type.Integer({ description: 'of them, those that do not take anything now' }),
      choices: Type.Array(ClassChoice),
    }),
    summary: 'What a folder may be kept as, and what that survives now',
  },
  'classes.folders': {
    params: Type.Object({ after: Type.Optional(Path) }, { additionalProperties: false }),
    result: Type.Object({
      folders: Type.Array(FolderClass),
      after: Type.Union([Type.String(), Type.Null()], { description: 'to go on with; null: everything was looked at' }),
    }),
    summary: 'Folders with a redundancy class of their own; answers after a moment with what it has, to be asked again',
  },
  'classes.folder': {
    params: Type.Object({ path: Path }, { additionalProperties: false }),
    result: FolderFacts,
    summary: 'How one folder is kept, and how large it is as far as a moment tells',
  },
  'retention.preview': {
    params: RetentionRules,
    result: RetentionPreview,
    summary: 'What would go by such rules; changes nothing',
  },
} as const satisfies MethodSchemas
