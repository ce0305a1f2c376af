import { PASSWORD, type TestAdmin, type TestBrowser } from './test-admin.ts'

export const THEIR_PASSWORD = 'the other wood with hares'

interface Wish {
  name?: string
  role?: 'member' | 'guest'
  given?: { path: string; write: boolean }[]
}

/** Somebody whom the owner invited and who came. */
export async function invited(
  admin: TestAdmin,
  owner: TestBrowser,
  { name = 'Anna', role = 'member', given = [] }: Wish = {},
): Promise<{ browser: TestBrowser; id: string; code: string }> {
  await owner.post('/api/session/confirm', { password: PASSWORD })
  const answer = await owner.post('/api/people/invitations', { name, role, given, hours: 24 })
  if (answer.statusCode !== 201) throw new Error(`no invitation: ${answer.body}`)
  const { code } = answer.json() as { code: string }
  const browser = admin.browser('192.0.2.77')
  const came = await browser.post('/api/invited', { code, password: THEIR_PASSWORD })
  if (came.statusCode !== 204) throw new Error(`not let in: ${came.body}`)
  const { person } = (await browser.get('/api/session')).json() as { person: { id: string } }
  return { browser, id: person.id, code }
}
