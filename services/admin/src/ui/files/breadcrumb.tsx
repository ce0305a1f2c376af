import { Icon } from '../parts/icons.tsx'
import { hrefOf } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { dropOn } from './dragging.ts'

export function Breadcrumb({ path }: { path: string }) {
  const names = path === '/' ? [] : path.slice(1).split('/')
  const last = names.at(-1)
  return (
    <nav class="breadcrumb" aria-label={texts.files.path}>
      <ol>
        <li>
          {last === undefined ? (
            <h1>{texts.files.top}</h1>
          ) : (
            <a class="crumb" href={hrefOf({ page: 'files', path: '/' })} {...dropOn('/')}>
              <Icon name="home" size={18} />
              <span class="visually-hidden">{texts.files.top}</span>
            </a>
          )}
        </li>
        {names.slice(0, -1).map((name, i) => (
          <li key={i}>
            <Icon name="forward" size={14} />
            <a
              class="crumb"
              href={hrefOf({ page: 'files', path: `/${names.slice(0, i + 1).join('/')}` })}
              {...dropOn(`/${names.slice(0, i + 1).join('/')}`)}
            >
              {name}
            </a>
          </li>
        ))}
        {last !== undefined && (
          <li>
            <Icon name="forward" size={14} />
            <h1 aria-current="page">{last}</h1>
          </li>
        )}
      </ol>
    </nav>
  )
}
