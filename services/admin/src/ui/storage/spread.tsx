import type { ClassInfo } from '../api/calls.ts'
import { bytesText } from '../format.ts'
import { texts } from '../texts/texts.ts'

/** How each class is cut into fragments, drawn: data, spare, and those that are lost now. */
export function Spread({ classes }: { classes: readonly ClassInfo[] }) {
  return (
    <section class="card spread" aria-labelledby="spread-title">
      <h2 id="spread-title">{texts.storage.layout}</h2>
      {classes.map((one) => (
        <ClassPicture key={one.name} one={one} />
      ))}
      <ul class="legend">
        <li>
          <span class="fragment data" />
          {texts.storage.layoutData}
        </li>
        <li>
          <span class="fragment parity" />
          {texts.storage.layoutSpare}
        </li>
        <li>
          <span class="fragment lost" />
          {texts.storage.layoutLost}
        </li>
      </ul>
    </section>
  )
}

function ClassPicture({ one }: { one: ClassInfo }) {
  const { dataFragments: k, totalFragments: n, lossesSurvived } = one
  const lost = Math.min(n, Math.max(0, n - k - lossesSurvived))
  const kinds = Array.from({ length: n }, (_, i) => (i >= n - lost ? 'lost' : i < k ? 'data' : 'parity'))
  return (
    <div class="class">
      <div class="class-head">
        <strong>{texts.storage.className(one.name)}</strong>
        <span class={lossesSurvived > 0 ? 'chip ok' : 'chip missing'}>{texts.storage.classLosses(lossesSurvived)}</span>
        <span class="faint">{bytesText(one.packBytes)}</span>
      </div>
      <div class="fragments" role="img" aria-label={texts.storage.layoutTerm(k, n)} title={texts.storage.layoutTerm(k, n)}>
        {kinds.map((kind, i) => (
          <span key={i} class={`fragment ${kind}`} />
        ))}
      </div>
      <p class="faint">{texts.storage.layoutText(k, n)}</p>
    </div>
  )
}
