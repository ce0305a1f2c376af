import { HoltError } from '@holt/core/errors.ts'
import { NAMES_CLASS } from '../class-names.ts'

/** k of n: any k of a pack's n fragments rebuild it. */
export interface ClassCode {
  dataFragments: number
  totalFragments: number
}

/** Beyond this, one pack does not get more fragments with more drives. */
const MOST_FRAGMENTS = 20

/** How many lost drives a class is to survive, before the number of drives bounds it. */
function lossesFor(redundancyClass: string, driveCount: number): number {
  const usual = driveCount > 10 ? 3 : driveCount > 3 ? 2 : 1
  if (redundancyClass === 'precious' || redundancyClass === NAMES_CLASS) return usual + 1
  if (redundancyClass === 'light') return Math.max(1, usual - 1)
  return usual
}

/**
 * How packs of a class are spread over so many drives, unless the owner says otherwise: 1 of 1, 1 of 2, 2 of 3, 2 of 4, 3 of 5,
 * 4 of 6, then all but two, and with more than ten drives all but three of at most twenty. `precious` survives one loss more,
 * `light` one fewer. What is needed to find files, or to name lost ones, survives one loss more than most files do, and as many as any.
 *
 * @param fixed what the owner says of other classes.
 */
export function chooseCode(redundancyClass: string, driveCount: number, fixed: Iterable<ClassCode> = []): ClassCode {
  const totalFragments = Math.max(1, Math.min(driveCount, MOST_FRAGMENTS))
  const wanted = [lossesFor(redundancyClass, driveCount)]
  if (redundancyClass === NAMES_CLASS) for (const code of fixed) wanted.push(code.totalFragments - code.dataFragments)
  const losses = Math.min(Math.max(...wanted), totalFragments - 1)
  return { dataFragments: totalFragments - losses, totalFragments }
}

/** @throws HoltError INPUT_INVALID */
export function checkCode({ dataFragments, totalFragments }: ClassCode): ClassCode {
  const isPossible =
    Number.isSafeInteger(dataFragments) &&
    Number.isSafeInteger(totalFragments) &&
    1 <= dataFragments &&
    dataFragments <= totalFragments &&
    totalFragments <= 255
  if (!isPossible) throw new HoltError('INPUT_INVALID', `${dataFragments} of ${totalFragments} fragments is not possible`)
  return { dataFragments, totalFragments }
}
