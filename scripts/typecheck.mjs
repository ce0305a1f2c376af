// `npm run typecheck`: the layers below the platforms with no types of Node or a page; everything; the page.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { npmBinary, root, run } from './common.mjs'

const projects = ['tsconfig.portable.json', 'tsconfig.json']
if (existsSync(join(root, 'services/admin/src/ui'))) projects.push('tsconfig.ui.json')

let failed = 0
for (const project of projects) {
  console.log(`tsc -p ${project}`)
  if (!run(npmBinary('tsc'), ['-p', project])) failed++
}
process.exit(failed === 0 ? 0 : 1)
