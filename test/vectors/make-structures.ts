// node --import tsx test/vectors/make-structures.ts: writes the vector structures-v1 anew. To be run only when a structure
// is added: what is there must stay readable for ever.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { makeStructures } from './structures.ts'

const folder = fileURLToPath(new URL('./structures-v1/', import.meta.url))
mkdirSync(folder, { recursive: true })
for (const [name, content] of Object.entries(await makeStructures())) {
  writeFileSync(folder + name, `${JSON.stringify(content, null, 2)}\n`)
}
