/**
 * Browsers keep the cookies of one host together, whatever the port: without this, a program would be sent the session of the node's own page, and
 * could set another. So a program's cookies carry its id in their names, it is handed no others, and what it sets holds for its host alone.
 */

type Headers = [string, string][]

function prefixOf(id: string): string {
  return `holt-${id}-`
}

/** What a program is sent. */
export function cookiesForProgram(id: string, headers: Headers): Headers {
  const prefix = prefixOf(id)
  return headers.flatMap(([name, value]): Headers => {
    if (name.toLowerCase() !== 'cookie') return [[name, value]]
    const own = value.split(';').flatMap((cookie) => (cookie.trim().startsWith(prefix) ? [cookie.trim().slice(prefix.length)] : []))
    return own.length === 0 ? [] : [['cookie', own.join('; ')]]
  })
}

/** What a browser is sent. */
export function cookiesOfProgram(id: string, headers: Headers): Headers {
  return headers.flatMap(([name, value]): Headers => {
    if (name.toLowerCase() !== 'set-cookie') return []
    const [pair = '', ...attributes] = value.split(';')
    // a prefix that browsers give a meaning to would be one no more, and a cookie without a name is taken for another's
    if (!/^[\w.-]+=/.test(pair.trim())) return []
    const kept = attributes.map((attribute) => attribute.trim()).filter((attribute) => !/^domain\b/i.test(attribute))
    return [['set-cookie', [`${prefixOf(id)}${pair.trim()}`, ...kept].join('; ')]]
  })
}
