import type { Static, TObject, TSchema } from 'typebox'

export interface MethodSchema {
  params: TObject
  result: TSchema
  /** Sends progress while it runs. */
  long?: true
  summary: string
}

/** Everything one side of a connection answers: a node, or the helper of a box. */
export type MethodSchemas = Readonly<Record<string, MethodSchema>>

export type NameIn<M extends MethodSchemas> = keyof M & string
export type ParamsIn<M extends MethodSchemas, Name extends NameIn<M>> = Static<M[Name]['params']>
export type ResultIn<M extends MethodSchemas, Name extends NameIn<M>> = Static<M[Name]['result']>
