import type { MachineFacts } from '../api/calls.ts'
import { bytesText, clockText, durationText, exactDateText } from '../format.ts'
import { counters, lines, version } from './state.ts'
import { words } from './texts.ts'

/** How full each file system is. */
export function SpaceCard({ facts }: { facts: MachineFacts }) {
  return (
    <section class="card">
      <h2>{words.disks}</h2>
      <ul class="volumes">
        {facts.volumes.map(({ mount, device, fileSystem, totalBytes, freeBytes }) => (
          <li key={`${device} ${mount}`} title={`${device}, ${fileSystem}`}>
            <span class="volume-name">{mount}</span>
            <span class="faint">{words.freeOf(freeBytes, totalBytes)}</span>
            <meter min={0} max={1} high={0.9} optimum={0} value={1 - freeBytes / totalBytes}>
              {words.percent(1 - freeBytes / totalBytes)}
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
    [words.version, version.value],
    [words.running, counters.value === null ? '' : durationText(counters.value.uptimeSeconds)],
    [words.name, facts.hostName],
    [words.model, facts.model],
    [words.processor, `${processor.name}, ${words.cores(processor.cores)}`],
    [words.memory, counters.value === null ? '' : bytesText(counters.value.memoryBytes)],
    [words.system, facts.system],
    [words.kernel, facts.kernel],
    [words.runtime, facts.runtime],
  ]
  return (
    <section class="card">
      <h2>{words.machine}</h2>
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
            <dt>{words.cards}</dt>
            <dd>
              {facts.networks.map(({ name, up, megabits, addresses }) => (
                <p key={name} title={addresses.join(', ')}>
                  {name}: {up ? words.connected(megabits) : words.disconnected}
                </p>
              ))}
            </dd>
          </div>
        )}
        {facts.disks.length > 0 && (
          <div>
            <dt>{words.drives}</dt>
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
  if (celsius !== null) parts.push(words.degrees(celsius))
  if (smart !== '') parts.push(/^ok$/i.test(smart) ? words.smartGood : words.smartBad(smart))
  return parts.filter((part) => part !== '').join(', ')
}

export function LogCard() {
  return (
    <section class="card">
      <h2>{words.log}</h2>
      {lines.value.length === 0 ? (
        <p class="faint">{words.logEmpty}</p>
      ) : (
        <ol class="log" tabIndex={0} aria-label={words.log}>
          {[...lines.value].reverse().map(({ time, level, text }, i) => (
            <li key={i} class={level}>
              <time title={exactDateText(time)}>{clockText(time)}</time>
              <span class="log-level">{words.levels[level] ?? level}</span>
              <span class="log-text">{text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
