import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { download } from '../save-file.ts'
import { texts } from '../texts.ts'
import { Chart } from './chart.tsx'
import { LogCard, MachineCard, SpaceCard } from './machine-cards.tsx'
import { choose, counters, facts, history, lookAtSystem, type Span, span } from './state.ts'
import { words } from './texts.ts'

const spans: Span[] = ['live', 'day', 'month']

export function SystemPage() {
  useEffect(lookAtSystem, [])
  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
        <div class="actions stretch">
          <button
            type="button"
            class="button"
            title={words.diagnosticsTitle}
            onClick={() => download('api/diagnostics', 'holt-diagnostics.json')}
          >
            <Icon name="download" />
            {words.diagnostics}
          </button>
        </div>
      </header>
      <div class="system">
        <div class="span-choice" role="group" aria-label={words.span}>
          {spans.map((one) => (
            <button key={one} type="button" aria-pressed={span.value === one} onClick={() => choose(one)}>
              {words[one]}
            </button>
          ))}
        </div>
        <Charts />
        {facts.value === null ? (
          <Spinner label={texts.loading} />
        ) : (
          <>
            <SpaceCard facts={facts.value} />
            <MachineCard facts={facts.value} />
          </>
        )}
        <LogCard />
      </div>
    </>
  )
}

function Charts() {
  const now = counters.value
  const shown = history.value
  if (now === null || shown === null) return <Spinner label={texts.loading} />
  const time = { startTime: shown.startTime, stepSeconds: shown.stepSeconds }
  const last = (values: readonly (number | null)[]): number | null => values.filter((value) => value !== null).at(-1) ?? null
  const cpu = last(shown.cpu)
  const received = last(shown.received)
  return (
    <div class="charts">
      <Tile title={words.cpu} value={cpu === null ? '–' : words.percent(cpu)}>
        <Chart label={words.cpu} lines={[{ values: shown.cpu }]} most={1} text={words.percent} {...time} />
      </Tile>
      <Tile title={words.memory} value={words.percent(now.memoryUsedBytes / now.memoryBytes)} hint={words.nodeUses(now.nodeBytes)}>
        <Chart label={words.memory} lines={[{ values: shown.memory }]} most={1} text={words.percent} {...time} />
      </Tile>
      <Tile title={words.network} value={received === null ? '–' : words.rate(received)}>
        <Chart
          label={words.network}
          lines={[
            { values: shown.received, name: words.received },
            { values: shown.sent, name: words.sent },
          ]}
          text={words.rate}
          {...time}
        />
      </Tile>
      {now.celsius !== null && (
        <Tile title={words.celsius} value={words.degrees(now.celsius)}>
          <Chart label={words.celsius} lines={[{ values: shown.celsius }]} most={100} text={words.degrees} {...time} />
        </Tile>
      )}
    </div>
  )
}

function Tile({ title, value, hint, children }: { title: string; value: string; hint?: string; children: preact.ComponentChildren }) {
  return (
    <section class="card gauge">
      <div class="gauge-head">
        <h2>{title}</h2>
        <strong>{value}</strong>
      </div>
      {children}
      {hint !== undefined && <p class="faint">{hint}</p>}
    </section>
  )
}
