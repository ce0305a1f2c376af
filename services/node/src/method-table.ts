import type { CallOptions, MethodName, Params, Result } from '@holt/control/schema.ts'

export type Method<Name extends MethodName> = (params: Params<Name>, options: CallOptions) => Promise<Result<Name>>
export type MethodTable = { [Name in MethodName]: Method<Name> }

/** Some of the calls a node answers, by name. */
export type Methods<Name extends MethodName> = Pick<MethodTable, Name>
