import type { DriveInfo } from '../api/calls.ts'
import { pictureText } from './statements.ts'
import type { Facts } from './facts.ts'

/** The tree of the logo, standing at 0, 0 and one unit tall. */
const TREE = 'M0-1C.075-.84.29-.6.29-.36.29-.2.18-.09.03-.075V0h-.06V-.075C-.18-.09-.29-.2-.29-.36-.29-.6-.075-.84 0-1Z'
const WIDTH = 720
const HEIGHT = 220
const GROUND = 178
const TALL = 132
/** More trees than this are a forest: the others stand in the words. */
const MOST_TREES = 24

/**
 * The whole as a small wood: each drive is a tree, filled as far as the drive is; one that is lost is only an outline.
 * The den below is what is stored; roots lead to the trees that hold it.
 */
export function Wood({ facts }: { facts: Facts }) {
  const drives = facts.drives.slice(0, MOST_TREES)
  return (
    <svg class="wood" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={pictureText(facts)}>
      <path
        class="wood-far"
        d={`M0 ${GROUND - 26}C140 ${GROUND - 70} 260 ${GROUND - 18} 380 ${GROUND - 34}S620 ${GROUND - 64} ${WIDTH} ${GROUND - 30}V${HEIGHT}H0Z`}
      />
      <path
        class="wood-near"
        d={`M0 ${GROUND - 4}C150 ${GROUND - 14} 250 ${GROUND + 4} 360 ${GROUND - 12}S600 ${GROUND + 2} ${WIDTH} ${GROUND - 8}V${HEIGHT}H0Z`}
      />
      {drives.map(({ id, state }, i) => (
        <path key={id} class={state === 'missing' ? 'wood-root lost' : 'wood-root'} d={rootTo(placeOf(i, drives.length))} />
      ))}
      <path class="wood-den" d={`M${WIDTH / 2 - 26} ${HEIGHT}v-14a26 26 0 0 1 52 0v14Z`} />
      {drives.map((drive, i) => (
        <Tree
          key={drive.id}
          drive={drive}
          x={placeOf(i, drives.length)}
          tall={TALL * Math.min(1, 7 / Math.max(7, drives.length)) + (i % 2) * 8}
        />
      ))}
    </svg>
  )
}

function Tree({ drive, x, tall }: { drive: DriveInfo; x: number; tall: number }) {
  const { id, state, totalBytes, freeBytes } = drive
  const full = totalBytes > 0 ? Math.max(0.04, 1 - freeBytes / totalBytes) : 0
  const clip = `tree-${id}`
  return (
    <g class={`wood-tree ${state}`} transform={`translate(${x} ${GROUND}) scale(${tall})`}>
      <clipPath id={clip}>
        <rect x="-.5" width="1" y={-full} height={full + 0.1} />
      </clipPath>
      <path class="wood-crown" d={TREE} />
      {state !== 'missing' && <path class="wood-full" d={TREE} clip-path={`url(#${clip})`} />}
    </g>
  )
}

function placeOf(i: number, count: number): number {
  const wide = Math.min(WIDTH - 80, count * 104)
  return WIDTH / 2 + (count === 1 ? 0 : -wide / 2 + (wide * (i + 0.5)) / count)
}

function rootTo(x: number): string {
  const from = WIDTH / 2
  return `M${from} ${HEIGHT - 26}C${from} ${GROUND + 10} ${x} ${HEIGHT - 20} ${x} ${GROUND - 4}`
}
