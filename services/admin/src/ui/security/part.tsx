import type { ComponentChildren } from 'preact'

interface PartProps {
  id: string
  title: string
  text: string
  children: ComponentChildren
}

/** A part of the page that another part can lead to. */
export function Part({ id, title, text, children }: PartProps) {
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      <p class="lead">{text}</p>
      {children}
    </section>
  )
}

/** A line of a list: what it is, what is said of it, what can be done. */
export function Row({ title, facts, children }: { title: ComponentChildren; facts: ComponentChildren; children?: ComponentChildren }) {
  return (
    <li class="guard-row">
      <div class="guard-what">
        <strong>{title}</strong>
        <span class="faint">{facts}</span>
      </div>
      {children}
    </li>
  )
}
