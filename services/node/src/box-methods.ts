import { type BoxMethodName, boxMethods } from '@holt/control/box/methods.ts'
import type { CallOptions } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { MethodTable } from './method-table.ts'
import type { BoxHelper, NodePlatform } from './platform.ts'

/** The calls that go on to the helper of the box. */
export function boxCalls(platform: NodePlatform): Pick<MethodTable, `box.${BoxMethodName}`> {
  const names = Object.keys(boxMethods) as BoxMethodName[]
  const call = async (name: BoxMethodName, params: object, options: CallOptions) => helperOf(platform).call(name, params as never, options)
  const table = names.map((name) => [`box.${name}`, (params: object, options: CallOptions) => call(name, params, options)])
  // one entry for each name of the schema, with that name's own params and result
  return Object.fromEntries(table) as unknown as Pick<MethodTable, `box.${BoxMethodName}`>
}

function helperOf({ box }: NodePlatform): BoxHelper {
  if (box !== undefined && box !== null) return box
  throw new HoltError('NOT_A_BOX', 'this node does not run on a box: its network, drives and updates belong to the system around it')
}
