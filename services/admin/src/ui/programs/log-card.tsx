import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { programApi, type ProgramLogLine } from '../api/program-calls.ts'
import { clockText, exactDateText } from '../format.ts'
import { texts } from '../texts/texts.ts'
import { whileLooking } from './state.ts'

/** More than these nobody reads on a page. */
const MOST_SHOWN = 500

/** What a program wrote, the newest first. */
export function LogCard({ id }: { id: string }) {
  const words = texts.programs.log
  const lines = useSignal<readonly ProgramLogLine[]>([])
  useEffect(
    () =>
      whileLooking(async () => {
        const { lines: news } = await programApi.logs(id, lines.value[0]?.number ?? 0)
        if (news.length > 0) lines.value = [...news.reverse(), ...lines.value].slice(0, MOST_SHOWN)
      }),
    [id],
  )
  return (
    <section class="card" aria-labelledby="program-log-title">
      <h2 id="program-log-title">{words.title}</h2>
      <p class="faint">{lines.value.length === 0 ? words.nothing : words.live}</p>
      {lines.value.length > 0 && (
        <ol class="program-log" tabIndex={0} aria-label={words.title}>
          {lines.value.map(({ number, time, level, text }) => (
            <li key={number} class={level}>
              <time title={exactDateText(time)} dateTime={new Date(time * 1000).toISOString()}>
                {clockText(time)}
              </time>
              <span class="program-log-level">{words.levels[level]}</span>
              <span class="program-log-text">{text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
