import type { Token, Tokens } from 'marked'
import type { ComponentChildren } from 'preact'
import { outsideAddress, pictureAddress, withoutEntities } from './addresses.ts'

/** Nobody means so many; a text made to break the page may. Below it stands what was typed. */
const MAX_DEPTH = 24

interface Place {
  /** Of the text, for the pictures beside it. */
  folder: string
  depth: number
}

/** Markdown as elements; HTML in it shows as it was typed. */
export function TokenList({ tokens, place }: { tokens: readonly Token[] | undefined; place: Place }) {
  const below = { ...place, depth: place.depth + 1 }
  if (place.depth > MAX_DEPTH) return <>{tokens?.map(({ raw }) => raw).join('')}</>
  return (
    <>
      {tokens?.map((token, i) => (
        <OneToken key={i} token={token} place={below} />
      ))}
    </>
  )
}

function OneToken({ token, place }: { token: Token; place: Place }) {
  const inside = (): ComponentChildren => <TokenList tokens={(token as Tokens.Generic).tokens} place={place} />
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'hr':
      return <hr />
    case 'br':
      return <br />
    case 'paragraph':
      return <p>{inside()}</p>
    case 'blockquote':
      return <blockquote>{inside()}</blockquote>
    case 'strong':
      return <strong>{inside()}</strong>
    case 'em':
      return <em>{inside()}</em>
    case 'del':
      return <del>{inside()}</del>
    case 'heading':
      return <Heading depth={(token as Tokens.Heading).depth}>{inside()}</Heading>
    case 'code':
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      )
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>
    case 'list':
      return <List list={token as Tokens.List} place={place} />
    case 'table':
      return <Table table={token as Tokens.Table} place={place} />
    case 'link':
      return <Link href={(token as Tokens.Link).href}>{inside()}</Link>
    case 'image':
      return <Picture image={token as Tokens.Image} folder={place.folder} />
    case 'checkbox':
      return <input type="checkbox" checked={(token as Tokens.Checkbox).checked} disabled aria-label={token.raw.trim()} />
    case 'escape':
      return <>{(token as Tokens.Escape).text}</>
    case 'text':
      return (token as Tokens.Text).tokens === undefined ? <>{withoutEntities((token as Tokens.Text).text)}</> : <>{inside()}</>
    default:
      return <>{token.raw}</>
  }
}

/** The name of the file stands above it as the first of the page. */
function Heading({ depth, children }: { depth: number; children: ComponentChildren }) {
  const Level = `h${Math.min(6, depth + 2)}` as 'h3'
  return <Level>{children}</Level>
}

function List({ list, place }: { list: Tokens.List; place: Place }) {
  const items = list.items.map((item, i) => (
    <li key={i}>
      <TokenList tokens={item.tokens} place={place} />
    </li>
  ))
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>
}

function Table({ table, place }: { table: Tokens.Table; place: Place }) {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map(({ tokens }, i) => (
            <th key={i} scope="col">
              <TokenList tokens={tokens} place={place} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          <tr key={i}>
            {row.map(({ tokens }, j) => (
              <td key={j}>
                <TokenList tokens={tokens} place={place} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Link({ href, children }: { href: string; children: ComponentChildren }) {
  const address = outsideAddress(href)
  if (address === null) return <span title={href}>{children}</span>
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow" title={address}>
      {children}
    </a>
  )
}

/** A picture elsewhere would tell its keeper who reads this, and when: only its words show. */
function Picture({ image, folder }: { image: Tokens.Image; folder: string }) {
  const address = pictureAddress(image.href, folder)
  if (address === null) return <em title={image.href}>{image.text}</em>
  return <img src={address} alt={image.text} loading="lazy" />
}
