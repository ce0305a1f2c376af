import { Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'

/** Base64url of a block of docs/package-format.md. */
const Block = (maxBytes: number, description: string) =>
  Type.String({ maxLength: Math.ceil((maxBytes * 4) / 3), pattern: '^[A-Za-z0-9_-]*$', description: `base64url: ${description}` })

export const AuthorText = Type.String({ maxLength: 64, description: 'PeerId text form of a principal' })

/** Programs: their packages, and what they may. */
export const programMethods = {
  'programs.author': {
    params: Type.Object({}),
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
} as const satisfies MethodSchemas
