import type { MachineFacts } from '../api/calls.ts'
import { bytesText, clockText, durationText, exactDateText } from '../format.ts'
import { counters, lines, version } from './state.ts'
import { texts } from '../texts/texts.ts'

/** How full each file system is. */
export function SpaceCard({ facts }: { facts: MachineFacts }) {
  return (
    <section class="card">
      <h2>{texts.system.disks}</h2>
      <ul class="volumes">
        {facts.volumes.map(({ mount, device, fileSystem, totalBytes, freeBytes }) => (
          <li key={`${device} ${mount}`} title={`${device}, ${fileSystem}`}>
            <span class="volume-name">{mount}</span>
            <span class="faint">{texts.system.freeOf(freeBytes, totalBytes)}</span>
            <meter min={0} max={1} high={0.9} optimum={0} value={1 - freeBytes / totalBytes}>
              {texts.system.percent(1 - freeBytes / totalBytes)}
            </meter>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function MachineCard({ facts }: { facts: MachineFacts }) {
  const { processor } = facts
  const rows: [string, string][] = [
    [texts.system.version, version.value],
    [texts.system.running, counters.value === null ? '' : durationText(counters.value.uptimeSeconds)],
    [texts.system.name, facts.hostName],
    [texts.system.model, facts.model],
    [texts.system.processor, `${processor.name}, ${texts.system.cores(processor.cores)}`],
    [texts.system.memory, counters.value === null ? '' : bytesText(counters.value.memoryBytes)],
    [texts.system.system, facts.system],
    [texts.system.kernel, facts.kernel],
    [texts.system.runtime, facts.runtime],
  ]
  return (
    <section class="card">
      <h2>{texts.system.machine}</h2>
      <dl class="machine-facts">
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {facts.networks.length > 0 && (
          <div>
            <dt>{texts.system.cards}</dt>
            <dd>
              {facts.networks.map(({ name, up, megabits, addresses }) => (
                <p key={name} title={addresses.join(', ')}>
                  {name}: {up ? texts.system.connected(megabits) : texts.system.disconnected}
                </p>
              ))}
            </dd>
          </div>
        )}
        {facts.disks.length > 0 && (
          <div>
            <dt>{texts.system.drives}</dt>
            <dd>
              {facts.disks.map((disk) => (
                <p key={disk.device} title={disk.device}>
                  {diskText(disk)}
                </p>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}

function diskText({ name, kind, sizeBytes, celsius, smart }: MachineFacts['disks'][number]): string {
  const parts = [name, kind, bytesText(sizeBytes)]
  if (celsius !== null) parts.push(texts.system.degrees(celsius))
  if (smart !== '') parts.push(/^ok$/i.test(smart) ? texts.system.smartGood : texts.system.smartBad(smart))
  return parts.filter((part) => part !== '').join(', ')
}

export function LogCard() {
  return (
    <section class="card">
      <h2>{texts.system.log}</h2>
      {lines.value.length === 0 ? (
        <p class="faint">{texts.system.logEmpty}</p>
      ) : (
        <ol class="log" tabIndex={0} aria-label={texts.system.log}>
          {[...lines.value].reverse().map(({ time, level, text }, i) => (
            <li key={i} class={level}>
              <time title={exactDateText(time)}>{clockText(time)}</time>
              <span class="log-level">{texts.system.levels[level] ?? level}</span>
              <span class="log-text">{text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
