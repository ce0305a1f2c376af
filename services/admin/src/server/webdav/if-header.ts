import { refuse } from './refusal.ts'

export interface IfCondition {
  isNot: boolean
  kind: 'token' | 'etag'
  value: string
}

export interface IfList {
  /** As written in its tag; null: what the request is about. */
  resource: string | null
  conditions: IfCondition[]
}

const MOST_CONDITIONS = 256
const SPACE = /[ \t]*/y
const TAG = /<([^<>\s]{1,16384})>/y
const ETAG = /\[((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")\]/y

/**
 * Reads an `If` header, RFC 4918 §10.4: lists of conditions, each for what the request is about or for what its tag names.
 *
 * @throws HoltError INPUT_INVALID with status 400.
 */
export function parseIf(header: string): IfList[] {
  let at = 0
  let count = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(header)
    if (found === null) return null
    at = pattern.lastIndex
    return found[1] ?? ''
  }
  const takeText = (text: string): boolean => {
    take(SPACE)
    if (!header.startsWith(text, at)) return false
    at += text.length
    return true
  }
  const condition = (): IfCondition => {
    if (++count > MOST_CONDITIONS) throw wrong()
    const isNot = takeText('Not')
    take(SPACE)
    const token = take(TAG)
    if (token !== null) return { isNot, kind: 'token', value: token }
    const etag = take(ETAG)
    if (etag !== null) return { isNot, kind: 'etag', value: etag }
    throw wrong()
  }
  const lists: IfList[] = []
  let resource: string | null = null
  for (take(SPACE); at < header.length; take(SPACE)) {
    const tag = take(TAG)
    if (tag !== null) resource = tag
    // either all lists have a tag before them, or none
    if (tag !== null && lists.some((list) => list.resource === null)) throw wrong()
    if (!takeText('(')) throw wrong()
    const conditions: IfCondition[] = []
    do conditions.push(condition())
    while (!takeText(')'))
    lists.push({ resource, conditions })
  }
  if (lists.length === 0) throw wrong()
  return lists
}

/** What was named, negated or not: a program says by it which locks it knows of. */
export function tokensIn(lists: readonly IfList[]): string[] {
  return lists.flatMap(({ conditions }) => conditions.flatMap(({ kind, value }) => (kind === 'token' ? [value] : [])))
}

function wrong(): Error {
  return refuse(400, 'the header If is not as it should be')
}
