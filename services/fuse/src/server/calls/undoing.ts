import type { OpenMount } from '@holt/control/mounted-tree.ts'
import { opcodes } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import type { Outcome } from './calls.ts'

/**
 * Of what may be left alone while it waits for drives or other nodes, as it only looks: what takes it back. null for all that changes something. What a page of
 * a directory has told stays known until it is unmounted.
 */
export function undoing(tree: OpenMount, { opcode, node }: Request): ((outcome: Outcome) => void) | null {
  switch (opcode) {
    case opcodes.READ:
    case opcodes.GETATTR:
    case opcodes.READLINK:
    case opcodes.READDIR:
    case opcodes.READDIRPLUS:
    case opcodes.GETXATTR:
    case opcodes.LISTXATTR:
      return () => {}
    case opcodes.LOOKUP:
      return (outcome) => {
        const number = firstNumberOf(outcome)
        if (number > 0) tree.forget(number, 1)
      }
    case opcodes.OPEN:
      return () => tree.close(node)
    case opcodes.OPENDIR:
      return (outcome) => tree.closeDirectory(firstNumberOf(outcome))
    default:
      return null
  }
}

/** Of a node, or of what was opened; 0 when there is none. */
function firstNumberOf(outcome: Outcome): number {
  if (typeof outcome === 'number') return 0
  return Number(new DataView(outcome.buffer, outcome.byteOffset).getBigUint64(0, true))
}
