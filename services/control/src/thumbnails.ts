import { Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { Path } from './tree-types.ts'

/** Of one small picture: some 20 KB are usual. */
export const MAX_THUMBNAIL_BYTES = 40 * 1024

const strict = { additionalProperties: false }
const Content = Type.String({ minLength: 1, maxLength: 128, description: 'what the entry of the file says as `content`' })

export const thumbnailMethods = {
  'thumbnails.get': {
    params: Type.Object({ path: Path }, strict),
    result: Type.Object({
      content: Type.Union([Type.String(), Type.Null()], { description: 'of which bytes it is a picture' }),
      base64: Type.Union([Type.String(), Type.Null()], { description: 'JPEG or WebP; null: none is kept' }),
    }),
    summary: 'The small picture that is kept of a file as it is now',
  },
  'thumbnails.put': {
    params: Type.Object(
      { path: Path, content: Content, base64: Type.String({ minLength: 4, maxLength: 4 * Math.ceil(MAX_THUMBNAIL_BYTES / 3) }) },
      strict,
    ),
    result: Type.Object({}),
    summary: 'Keeps a small picture, JPEG or WebP, of a file that has this content; CONFLICT when it has another',
  },
  'thumbnails.clear': {
    params: Type.Object({}, strict),
    result: Type.Object({}),
    summary: 'Removes all small pictures; they are made again when they are wanted',
  },
} as const satisfies MethodSchemas
