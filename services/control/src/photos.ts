import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { Path } from './tree-types.ts'

const strict = { additionalProperties: false }
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

export const PhotoLine = Type.Union([Type.Literal('any'), Type.Literal('unmetered'), Type.Literal('wifi')], {
  description: 'the line that has to be there: any or none, one that costs nothing by the byte, Wi-Fi',
})

export const PhotoChoice = Type.Object(
  {
    on: Type.Optional(Type.Boolean({ description: 'pictures of the phone go to the tree' })),
    paused: Type.Optional(Type.Boolean({ description: 'until it is taken back, or the phone starts anew' })),
    videos: Type.Optional(Type.Boolean({ description: 'videos too' })),
    folder: Type.Optional(Path),
    network: Type.Optional(PhotoLine),
    charging: Type.Optional(Type.Boolean({ description: 'only while the phone is charged' })),
  },
  strict,
)
export type PhotoChoice = Static<typeof PhotoChoice>

export const PhotoStatus = Type.Object({
  on: Type.Boolean(),
  paused: Type.Boolean(),
  videos: Type.Boolean(),
  folder: Nullable(
    Type.String({ description: 'in it a folder for each year, in that for each month; null before it was first turned on' }),
  ),
  network: PhotoLine,
  charging: Type.Boolean(),
  state: Type.Union([Type.Literal('off'), Type.Literal('idle'), Type.Literal('running'), Type.Literal('waiting')]),
  waitsFor: Nullable(
    Type.Union([
      Type.Literal('access'),
      Type.Literal('volume', { description: 'the storage where the pictures are is not there' }),
      Type.Literal('network'),
      Type.Literal('charging'),
      Type.Literal('space'),
      Type.Literal('pause'),
      Type.Literal('trouble', { description: 'it is tried again after a while' }),
    ]),
  ),
  access: Nullable(
    Type.Union([Type.Literal('all'), Type.Literal('some'), Type.Literal('none')], { description: 'null: the phone was not asked yet' }),
  ),
  places: Type.Boolean({ description: 'the phone gives where a picture was taken with it' }),
  done: Type.Integer({ description: 'pictures and videos that were taken in' }),
  left: Nullable(Type.Integer({ description: 'still to be looked at; null: not known' })),
  later: Type.Integer({ description: 'could not be read; they are tried again' }),
  current: Nullable(Type.Object({ name: Type.String(), doneBytes: Type.Integer(), sizeBytes: Type.Integer() })),
  problem: Nullable(Type.String({ description: 'code of what went wrong last' })),
})
export type PhotoStatus = Static<typeof PhotoStatus>

/** On a phone alone. */
export const photoMethods = {
  'photos.status': { params: Type.Object({}, strict), result: PhotoStatus, summary: "How far the phone's pictures are in the tree" },
  'photos.set': {
    params: PhotoChoice,
    result: PhotoStatus,
    summary: "Says whether, when and where the phone's pictures go to the tree; on the phone nothing is ever removed",
  },
  'photos.askAccess': {
    params: Type.Object({}, strict),
    result: Type.Object({ asked: Type.Boolean({ description: 'false: the app is not open' }) }),
    summary: 'Has the phone ask its owner whether Holt may see the pictures',
  },
} as const satisfies MethodSchemas
