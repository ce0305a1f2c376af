import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { PhotoLine } from './photos.ts'

const strict = { additionalProperties: false }

export const PowerChoice = Type.Object(
  {
    network: Type.Optional(PhotoLine),
    charging: Type.Optional(Type.Boolean({ description: 'while the app is not open, only when the phone is charged' })),
    always: Type.Optional(Type.Boolean({ description: 'others reach it at any time, whatever that costs the battery' })),
  },
  strict,
)
export type PowerChoice = Static<typeof PowerChoice>

export const PowerStatus = Type.Object({
  network: PhotoLine,
  charging: Type.Boolean(),
  always: Type.Boolean(),
  awake: Type.Union(
    [
      Type.Literal('viewed', { description: 'the app is open' }),
      Type.Literal('charging', { description: 'the phone is charged' }),
      Type.Literal('window', { description: 'for a while: it looks for others, or has something to do' }),
      Type.Literal('always', { description: 'its owner wants it so' }),
      Type.Null(),
    ],
    { description: 'why it does not rest; null: it rests' },
  ),
  connected: Type.Boolean({ description: 'it is among others now, or may be' }),
  waitsFor: Type.Union([Type.Literal('network'), Type.Literal('charging'), Type.Null()], {
    description: 'which of the rules keeps it from others; null: none',
  }),
})
export type PowerStatus = Static<typeof PowerStatus>

/** On a phone alone. */
export const powerMethods = {
  'power.status': {
    params: Type.Object({}, strict),
    result: PowerStatus,
    summary: 'Whether the phone rests, and what it may cost to be among others',
  },
  'power.set': {
    params: PowerChoice,
    result: PowerStatus,
    summary: 'Says over which lines, and at what cost to the battery, the phone is among others',
  },
} as const satisfies MethodSchemas
