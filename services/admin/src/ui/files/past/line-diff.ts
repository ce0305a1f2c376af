import { diffLines } from 'diff'

export interface Piece {
  kind: 'same' | 'added' | 'removed' | 'left-out'
  text: string
  /** Of what is left out. */
  lines: number
}

/** Lines around a change that say where it is. */
const AROUND = 3
/** Two texts that have nothing to do with each other take forever to compare. */
const PATIENCE_MS = 3000

/** What became of a text, in its order; long parts that stayed are left out. @returns null when the two are too different to compare. */
export function lineDiff(before: string, after: string): Piece[] | null {
  const changes = diffLines(before, after, { timeout: PATIENCE_MS })
  if (changes === undefined) return null
  return changes.flatMap(({ value, added, removed }, i) => {
    const lines = value.split('\n').length - (value.endsWith('\n') ? 1 : 0)
    if (added || removed) return [{ kind: added ? ('added' as const) : ('removed' as const), text: value, lines }]
    return shortened(value, lines, { isFirst: i === 0, isLast: i === changes.length - 1 })
  })
}

function shortened(value: string, count: number, { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): Piece[] {
  if (count <= 2 * AROUND + 1) return [{ kind: 'same', text: value, lines: count }]
  const lines = value.split(/(?<=\n)/)
  const head = isFirst ? [] : lines.slice(0, AROUND)
  const tail = isLast ? [] : lines.slice(-AROUND)
  const left = count - head.length - tail.length
  const pieces: Piece[] = [
    { kind: 'same', text: head.join(''), lines: head.length },
    { kind: 'left-out', text: '', lines: left },
    { kind: 'same', text: tail.join(''), lines: tail.length },
  ]
  return pieces.filter(({ lines }) => lines > 0)
}
