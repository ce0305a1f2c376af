import '../style/system.css'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { download } from '../save-file.ts'
import { Chart } from './chart.tsx'
import { LogCard, MachineCard, SpaceCard } from './machine-cards.tsx'
import { choose, counters, facts, history, lookAtSystem, type Span, span } from './state.ts'
import { texts } from '../texts/texts.ts'

const spans: Span[] = ['live', 'day', 'month']

export function SystemPage() {
  useEffect(lookAtSystem, [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.system.title}</h1>
        <div class="actions stretch">
          <button
            type="button"
            class="button"
            title={texts.system.diagnosticsTitle}
            onClick={() => download('api/diagnostics', 'holt-diagnostics.json')}
          >
            <Icon name="download" />
            {texts.system.diagnostics}
          </button>
        </div>
      </header>
      <div class="system">
        <div class="span-choice" role="group" aria-label={texts.system.span}>
          {spans.map((one) => (
            <button key={one} type="button" aria-pressed={span.value === one} onClick={() => choose(one)}>
              {texts.system[one]}
            </button>
          ))}
        </div>
        <Charts />
        {facts.value === null ? (
          <Spinner label={texts.shell.loading} />
        ) : (
          <>
            <SpaceCard facts={facts.value} />
            <MachineCard facts={facts.value} />
            <LogCard />
          </>
        )}
      </div>
    </>
  )
}

function Charts() {
  const now = counters.value
  const shown = history.value
  if (now === null || shown === null)
    return (
      <div class="charts-wait">
        <Spinner label={texts.shell.loading} />
      </div>
    )
  const time = { startTime: shown.startTime, stepSeconds: shown.stepSeconds }
  const last = (values: readonly (number | null)[]): number | null => values.filter((value) => value !== null).at(-1) ?? null
  const cpu = last(shown.cpu)
  const received = last(shown.received)
  return (
    <div class="charts">
      <Tile title={texts.system.cpu} value={cpu === null ? '–' : texts.system.percent(cpu)}>
        <Chart label={texts.system.cpu} lines={[{ values: shown.cpu }]} most={1} text={texts.system.percent} {...time} />
      </Tile>
      <Tile
        title={texts.system.memory}
        value={texts.system.percent(now.memoryUsedBytes / now.memoryBytes)}
        hint={texts.system.nodeUses(now.nodeBytes)}
      >
        <Chart label={texts.system.memory} lines={[{ values: shown.memory }]} most={1} text={texts.system.percent} {...time} />
      </Tile>
      <Tile title={texts.system.network} value={received === null ? '–' : texts.system.rate(received)}>
        <Chart
          label={texts.system.network}
          lines={[
            { values: shown.received, name: texts.system.received },
            { values: shown.sent, name: texts.system.sent },
          ]}
          text={texts.system.rate}
          {...time}
        />
      </Tile>
      {now.celsius !== null && (
        <Tile title={texts.system.celsius} value={texts.system.degrees(now.celsius)}>
          <Chart label={texts.system.celsius} lines={[{ values: shown.celsius }]} most={100} text={texts.system.degrees} {...time} />
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
