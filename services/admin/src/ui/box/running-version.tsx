import type { UpdateStatus } from '../api/calls.ts'
import { dateOfText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { restart } from './away.tsx'
import { isInstalling } from './state.ts'
import { texts } from '../texts/texts.ts'

/** What runs, and what it would fall back to. */
export function Running({ status: { version, booted, slots } }: { status: UpdateStatus }) {
  const now = slots.find(({ name }) => name === booted)
  const other = slots.find(({ name }) => name !== booted)
  return (
    <dl class="facts">
      <div>
        <dt>{texts.box.updates.version}</dt>
        <dd>
          <strong>{version ?? '–'}</strong>
        </dd>
      </div>
      <div>
        <dt>{texts.box.updates.installed}</dt>
        <dd>{now?.installed ? dateOfText(now.installed) : texts.box.updates.flashed}</dd>
      </div>
      <div>
        <dt>{texts.box.updates.before}</dt>
        <dd>{fallback(other)}</dd>
      </div>
    </dl>
  )
}

function fallback(other: UpdateStatus['slots'][number] | undefined): string {
  if (other === undefined || other.version === null) return texts.box.updates.beforeNone
  return other.bootStatus === 'bad' ? texts.box.updates.beforeBad : texts.box.updates.offer(other.version)
}

/** The slot that runs after a restart. */
export function waitingOf({ next, slots }: UpdateStatus): UpdateStatus['slots'][number] | undefined {
  return next === null ? undefined : slots.find(({ name }) => name === next)
}

/** What is unusual about it, in plain words. */
export function VersionNotices({ status }: { status: UpdateStatus }) {
  const { version, onTrial, fellBackFrom } = status
  const waiting = waitingOf(status)
  if (isInstalling.value) return null
  return (
    <>
      {onTrial && <Notice>{texts.box.updates.trial(version ?? '')}</Notice>}
      {fellBackFrom !== null && <Notice kind="warn">{texts.box.updates.fellBack(fellBackFrom)}</Notice>}
      {waiting !== undefined && (
        <Notice kind="good">
          <div class="notice-line">
            <p>
              <strong>{texts.box.updates.waiting(waiting.version ?? '')}</strong> {texts.box.updates.waitingText}
            </p>
            <button type="button" class="button primary" onClick={() => restart().catch(toastRefusal)}>
              <Icon name="power" />
              {texts.box.updates.restart}
            </button>
          </div>
        </Notice>
      )}
    </>
  )
}
