import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'

/** Makes passwd, group and shadow from the list of users that both builders share. No account has a password. */
export function writeUsers(tree) {
  const { users, groups } = readUsers(readFileSync(join(root, 'overlay/usr/lib/sysusers.d/holt.conf'), 'utf8'))
  const passwd = users.map(({ name, id, gid, description, home, shell }) => `${name}:x:${id}:${gid}:${description}:${home}:${shell}`)
  const group = groups.map(({ name, id, members }) => `${name}:x:${id}:${members.join(',')}`)
  writeFileSync(join(tree, 'etc/passwd'), lines(passwd))
  writeFileSync(join(tree, 'etc/group'), lines(group))
  mkdirSync(join(tree, 'etc/holt/accounts'), { recursive: true })
  writeFileSync(join(tree, 'etc/holt/accounts/shadow'), lines(users.map(({ name }) => `${name}:*:1::::::`)), { mode: 0o600 })
  return { users, groups }
}

/** The lines `u`, `g` and `m` of sysusers.d. A user without a group of its own name gets one. */
export function readUsers(text) {
  const users = []
  const groups = []
  for (const line of text.split('\n')) {
    const [type, name, id, description, home, shell] = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''))
    if (type === 'u') {
      const gid = name === 'nobody' ? '65534' : id
      users.push({ name, id, gid, description, home: home ?? '/', shell: shell ?? '/usr/sbin/nologin' })
      if (name !== 'nobody') groups.push({ name, id, members: [] })
    }
    if (type === 'g') groups.push({ name, id, members: [] })
    if (type === 'm') groups.find((group) => group.name === id).members.push(name)
  }
  return { users, groups }
}

function lines(list) {
  return `${list.join('\n')}\n`
}
