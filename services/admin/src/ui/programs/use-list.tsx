import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PowerUse, programApi } from '../api/program-calls.ts'
import { exactClockText } from '../format.ts'
import { hrefOf } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { whileLooking } from './state.ts'

interface UseListProps {
  uses: readonly PowerUse[]
  /** null: they are all of one program, which is known. */
  titleOf: ((program: string) => string) | null
}

/** Uses of powers, and what the owner decided: a line each. */
export function UseList({ uses, titleOf }: UseListProps) {
  const words = texts.programs.uses
  return (
    <div class="uses-frame" role="region" aria-label={words.title} tabIndex={0}>
      <table class="uses">
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            {titleOf !== null && <th scope="col">{words.program}</th>}
            <th scope="col">{words.power}</th>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.about}</th>
            <th scope="col">{words.result}</th>
          </tr>
        </thead>
        <tbody>
          {uses.map(({ number, time, program, power, what, about, code }) => (
            <tr key={number} class={code === null ? undefined : 'refused'}>
              <td data-label={words.when}>
                <time dateTime={new Date(time * 1000).toISOString()}>{exactClockText(time)}</time>
              </td>
              {titleOf !== null && (
                <td data-label={words.program}>
                  <bdi>{titleOf(program)}</bdi>
                </td>
              )}
              <td data-label={words.power}>{power === '' ? words.you : <span class="mono">{power}</span>}</td>
              <td data-label={words.what}>{power === '' ? ownWhat(what) : <span class="mono">{what}</span>}</td>
              <td data-label={words.about} class="uses-about">
                <bdi>{about}</bdi>
              </td>
              <td data-label={words.result}>{code === null ? words.ok : <span class="chip missing">{code}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ownWhat(what: string): string {
  const words: Partial<Record<string, string>> = texts.programs.uses.whats
  return words[what] ?? what
}

const RECENT = 5

/** The last ones of one program, live. */
export function RecentUses({ id }: { id: string }) {
  const words = texts.programs.uses
  const uses = useSignal<readonly PowerUse[]>([])
  useEffect(
    () =>
      whileLooking(async () => {
        uses.value = (await programApi.audit({ id, limit: RECENT })).uses
      }),
    [id],
  )
  return (
    <section class="card" aria-labelledby="uses-title">
      <h2 id="uses-title">{words.recent}</h2>
      {uses.value.length === 0 ? <p class="faint">{words.nothing}</p> : <UseList uses={uses.value} titleOf={null} />}
      <p class="uses-all">
        <a href={hrefOf({ page: 'programs', path: `/audit/${id}` })}>{words.all}</a>
      </p>
    </section>
  )
}
