import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icons.tsx'

const icons: Record<'info' | 'good' | 'warn' | 'bad', IconName> = { info: 'info', good: 'check', warn: 'warning', bad: 'warning' }

export function Notice({ kind = 'info', children }: { kind?: keyof typeof icons; children: ComponentChildren }) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
      <Icon name={icons[kind]} />
      <div>{children}</div>
    </div>
  )
}
