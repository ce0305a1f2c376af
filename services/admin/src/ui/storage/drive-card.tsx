import type { DriveInfo } from '../api/calls.ts'
import { bytesText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { driveName } from './drive-name.ts'
import { texts } from '../texts/texts.ts'
import { driveHealth } from './plans-state.ts'
import { jobRuns } from './state.ts'

const TILES = 24

interface DriveCardProps {
  drive: DriveInfo
  mostFragments: number
  onRemove: () => void
}

/** One drive: its state, how full it is, and its share of the fragments as tiles. */
export function DriveCard({ drive, mostFragments, onRemove }: DriveCardProps) {
  const { folder, state } = drive
  const gone = state === 'missing'
  return (
    <li class={`drive ${state}`}>
      <header class="drive-head">
        <span class={gone ? 'icon-tile bad' : 'icon-tile'}>
          <Icon name="drive" size={24} />
        </span>
        <span class="drive-name" title={folder}>
          <strong>{driveName(folder)}</strong>
          <span class="faint mono">{folder}</span>
        </span>
        <Menu
          label={texts.common.moreFor(driveName(folder))}
          items={[
            {
              text: gone ? texts.storage.forget : texts.storage.remove,
              icon: 'trash',
              danger: true,
              onSelect: () => !jobRuns.value && onRemove(),
            },
          ]}
        >
          <Icon name="more" />
        </Menu>
      </header>
      <p class="drive-state">
        <span class={`chip ${state}`}>{texts.storage.states[state]}</span>
        {state !== 'ok' && <span>{texts.storage.statesText[state]}</span>}
      </p>
      {!gone && <Health folder={folder} />}
      <Tiles count={drive.fragmentCount} most={mostFragments} gone={gone} />
      {!gone && <Capacity drive={drive} />}
    </li>
  )
}

/** What the drive says of itself, where it can be asked. */
function Health({ folder }: { folder: string }) {
  const health = driveHealth.value.get(folder)
  if (health === undefined) return <p class="drive-health" />
  const words = texts.plans.health
  const facts: string[] = [words[health.state]]
  if (health.temperature !== null) facts.push(words.degrees(health.temperature))
  if (health.hours !== null) facts.push(words.hours(health.hours))
  return (
    <p class={`drive-health ${health.state}`} title={[words.title, ...health.problems].join('\n')}>
      {facts.join(' · ')}
    </p>
  )
}

function Tiles({ count, most, gone }: { count: number; most: number; gone: boolean }) {
  const shown = count === 0 ? 0 : Math.max(1, Math.round((TILES * count) / Math.max(most, TILES)))
  return (
    <div
      class={gone ? 'tiles gone' : 'tiles'}
      role="img"
      aria-label={texts.storage.fragments(count)}
      title={texts.storage.fragments(count)}
    >
      {Array.from({ length: TILES }, (_, i) => (
        <span key={i} class={i < shown ? 'tile on' : 'tile'} />
      ))}
      <span class="tiles-text">{texts.storage.fragments(count)}</span>
    </div>
  )
}

function Capacity({ drive: { totalBytes, freeBytes, fragmentBytes } }: { drive: DriveInfo }) {
  const other = Math.max(0, totalBytes - freeBytes - fragmentBytes)
  const share = (bytes: number): string => `${totalBytes > 0 ? (100 * bytes) / totalBytes : 0}%`
  return (
    <>
      <div class="capacity" role="img" aria-label={texts.storage.free(freeBytes, totalBytes)}>
        <span
          class="capacity-holt"
          style={{ width: share(fragmentBytes), minWidth: fragmentBytes > 0 ? '3px' : '0' }}
          title={`${texts.storage.capacityLegend.holt}: ${bytesText(fragmentBytes)}`}
        />
        <span class="capacity-other" style={{ width: share(other) }} title={`${texts.storage.capacityLegend.other}: ${bytesText(other)}`} />
      </div>
      <p class="drive-facts">
        <span>{bytesText(fragmentBytes)}</span>
        <span>{texts.storage.free(freeBytes, totalBytes)}</span>
      </p>
    </>
  )
}
