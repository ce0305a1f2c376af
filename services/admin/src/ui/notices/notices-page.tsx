import '../style/notices.css'
import { useEffect } from 'preact/hooks'
import type { Notice } from '../api/notice-calls.ts'
import { dateText, exactDateText } from '../format.ts'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { hrefOf, type Place } from '../state/location.ts'
import { markRead, notices, readNotices, unread } from '../state/notices.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { PushCard } from './push-card.tsx'

interface Look {
  icon: IconName
  level: 'good' | 'warn' | 'bad'
  place: Exclude<Place['page'], 'files'>
}

const looks: Readonly<Record<Notice['kind'], Look>> = {
  'drive-missing': { icon: 'drive', level: 'bad', place: 'storage' },
  'drive-failing': { icon: 'drive', level: 'bad', place: 'storage' },
  'storage-full': { icon: 'drive', level: 'warn', place: 'storage' },
  'repair-needed': { icon: 'wrench', level: 'warn', place: 'storage' },
  'repair-finished': { icon: 'wrench', level: 'good', place: 'storage' },
  'update-ready': { icon: 'box', level: 'good', place: 'box' },
  'update-installed': { icon: 'box', level: 'good', place: 'box' },
  'key-not-kept': { icon: 'key', level: 'warn', place: 'owner' },
  'files-merged': { icon: 'history', level: 'warn', place: 'peers' },
  'share-ends': { icon: 'link', level: 'good', place: 'security' },
  'folder-request': { icon: 'link', level: 'good', place: 'shared' },
  'folder-offered': { icon: 'link', level: 'good', place: 'shared' },
  'new-device': { icon: 'user', level: 'warn', place: 'security' },
  'password-changed': { icon: 'key', level: 'warn', place: 'security' },
}

/** What somebody was told, and where else they want to hear it. */
export function NoticesPage() {
  useEffect(() => {
    readNotices().catch(toastRefusal)
  }, [])
  const found = notices.value
  return (
    <>
      <header class="page-head">
        <h1>{texts.notices.title}</h1>
        {unread.value > 0 && (
          <div class="actions">
            <button type="button" class="button" onClick={() => markRead().catch(toastRefusal)}>
              <Icon name="check" />
              {texts.notices.allRead}
            </button>
          </div>
        )}
      </header>
      <div class="notices">
        {found === null ? (
          <Spinner label={texts.shell.loading} />
        ) : found.length === 0 ? (
          <div class="notices-none">
            <Icon name="bell" size={40} />
            <p>{texts.notices.nothing}</p>
          </div>
        ) : (
          <ul class="notice-list">
            {found.map((notice) => (
              <Line key={notice.n} notice={notice} />
            ))}
          </ul>
        )}
        <PushCard />
      </div>
    </>
  )
}

function Line({ notice: { n, kind, about, timeMs, read } }: { notice: Notice }) {
  const { icon, level, place } = looks[kind]
  const seconds = timeMs / 1000
  const tone = kind === 'repair-finished' && about !== 'good' ? 'warn' : level
  const markThis = (): void => {
    if (!read) markRead([n]).catch(toastRefusal)
  }
  return (
    <li class={read ? 'notice-item' : 'notice-item fresh'}>
      <span class={`icon-tile ${tone}`}>
        <Icon name={icon} size={22} />
      </span>
      <a class="notice-words" href={hrefOf({ page: place })} onClick={markThis}>
        <strong>
          {texts.notices.kinds[kind]}
          {!read && <span class="chip ok">{texts.notices.new}</span>}
        </strong>
        <span>{texts.notices.about[kind](about)}</span>
        <time class="faint" title={exactDateText(seconds)}>
          {dateText(seconds)}
        </time>
      </a>
      {!read && (
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={texts.notices.markRead(texts.notices.kinds[kind])}
          onClick={markThis}
        >
          <Icon name="check" />
        </button>
      )}
    </li>
  )
}
