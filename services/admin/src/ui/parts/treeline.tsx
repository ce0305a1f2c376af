/** A small wood along the foot of the first pages: [where, how tall, how far away]. */
const trees: readonly (readonly [x: number, height: number, layer: 'far' | 'near'])[] = [
  [40, 92, 'far'],
  [96, 120, 'near'],
  [150, 84, 'far'],
  [228, 104, 'near'],
  [300, 70, 'far'],
  [420, 58, 'far'],
  [506, 78, 'near'],
  [590, 52, 'far'],
  [820, 50, 'far'],
  [905, 66, 'far'],
  [985, 84, 'near'],
  [1080, 76, 'far'],
  [1150, 118, 'near'],
  [1222, 96, 'far'],
  [1290, 142, 'near'],
  [1352, 104, 'far'],
  [1408, 126, 'near'],
]

/** The tree of the logo, standing at 0, 0 and one unit tall. */
const TREE = 'M0-1C.075-.84.29-.6.29-.36.29-.2.18-.09.03-.075V0h-.06V-.075C-.18-.09-.29-.2-.29-.36-.29-.6-.075-.84 0-1Z'

export function Treeline() {
  return (
    <svg class="treeline" viewBox="0 0 1440 240" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <path class="hill-far" d="M0 150C220 110 420 176 720 178S1240 96 1440 132V240H0Z" />
      {trees.map(([x, height, layer]) => (
        <path
          key={x}
          class={`tree-${layer}`}
          d={TREE}
          transform={`translate(${x} ${groundAt(x) + (layer === 'near' ? 26 : 12)}) scale(${height})`}
        />
      ))}
      <path class="hill-near" d="M0 186C260 156 470 208 760 206S1220 158 1440 178V240H0Z" />
    </svg>
  )
}

/** Roughly where the farther hill is. */
function groundAt(x: number): number {
  return x < 720 ? 142 + 34 * Math.sin((Math.PI * x) / 1440) : 176 - 46 * Math.sin((Math.PI * (x - 720)) / 1440)
}
