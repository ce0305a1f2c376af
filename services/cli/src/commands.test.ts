import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { covering, testedTogether } from './command-world.ts'
import { allCommands } from './commands.ts'

/** What is for no part of the commands alone; each part has its tests in `commands/PART.test.ts`. */

const ofHelp = allCommands.filter(({ name }) => /^(help|completion|__complete)$/.test(name))
const { both } = covering(ofHelp)

test('help and completion have a JSON form too', async () => {
  assert.ok(((await both(['help'], {})).json as unknown[]).length > 20)
  assert.match(((await both(['completion', 'fish'], {})).json as { script: string }).script, /complete -c holt/)
  assert.deepEqual((await both(['__complete', '--', 'dri'], {})).json, { words: ['drives'], local: null })
})

test('every command is tested somewhere, as text and as JSON', async () => {
  const tested: string[] = ofHelp.map(({ name }) => name)
  for (const [part, commands] of Object.entries(testedTogether)) {
    const source = await readFile(new URL(`commands/${part}.test.ts`, import.meta.url), 'utf8')
    assert.ok(source.includes(`covering('${part}')`), part)
    tested.push(...commands.map(({ name }) => name))
  }
  assert.deepEqual(tested.sort(), allCommands.map(({ name }) => name).sort())
})
