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
const TREE =
  'M0 0C-.19 0-.3-.115-.3-.273c0-.137.11-.203.11-.3 0-.075-.031-.106-.031-.172 0-.14.097-.255.22-.255s.22.115.22.255c0 .066-.031.097-.031.172 0 .097.11.163.11.3C.3-.115.19 0 0 0Z'

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
  return 150 + 26 * Math.sin((Math.PI * (x - 260)) / 900) - 34 * Math.max(0, (x - 900) / 540)
}
