import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { brokenRules, workspaceOf } from './layers/rules.ts'
import { codeOf, importsOf, type SourceFile } from './layers/source-text.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function sourceFiles(): SourceFile[] {
  return ['services', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
      .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
  )
}

/** Packages of others that each workspace names in its package.json. */
function declaredPackages(): Map<string, Set<string>> {
  return new Map(
    readdirSync(join(root, 'services')).map((workspace) => {
      const manifest = JSON.parse(readFileSync(join(root, 'services', workspace, 'package.json'), 'utf8')) as {
        dependencies?: Record<string, string>
      }
      return [workspace, new Set(Object.keys(manifest.dependencies ?? {}))]
    }),
  )
}

test('layers import downwards only, and those below the platforms use nothing of one', () => {
  const declared = declaredPackages()
  const files = sourceFiles()
  assert.ok(files.length > 20, 'the sources were found')
  for (const workspace of declared.keys())
    assert.ok(
      files.some((file) => workspaceOf(file.path) === workspace),
      `${workspace} has sources`,
    )
  assert.deepEqual(
    files.flatMap((file) => brokenRules(file, declared)),
    [],
  )
})

const nothingDeclared = new Map<string, Set<string>>()

function broken(path: string, text: string): number {
  return brokenRules({ path, text }, nothingDeclared).length
}

test('catches each kind of forbidden import', () => {
  assert.equal(broken('services/core/src/a.ts', "import { x } from '@holt/store/types.ts'"), 1, 'upwards')
  assert.equal(broken('services/core/src/a.ts', "import type { x } from '@holt/store/types.ts'"), 1, 'upwards, types only')
  assert.equal(broken('services/store/src/a.ts', "export * from '@holt/tree/types.ts'"), 1, 'upwards by export')
  assert.equal(broken('services/store/src/a.ts', "const { x } = await import('@holt/tree/types.ts')"), 1, 'upwards, dynamic')
  assert.equal(
    broken('services/store/src/a.ts', "import {\n  x,\n  y,\n} from '../../core/src/cid.ts'"),
    1,
    'a path into another workspace',
  )
  assert.equal(broken('services/cli/src/a.ts', "import { x } from '@holt/tree/types.ts'"), 1, 'an edge past control')
  assert.equal(broken('services/programs/chat/a.ts', "import { x } from '@holt/core/cid.ts'"), 1, 'a program past guest')
  assert.equal(broken('services/platform-nodejs/src/a.ts', "import { x } from '@holt/node/node.ts'"), 1, 'a platform upwards')
  assert.equal(broken('services/core/src/a.test.ts', "import { x } from '@holt/tree/types.ts'"), 1, 'a test upwards')
  assert.equal(broken('services/tree/src/a.ts', "import 'node:fs'"), 1, 'Node below the platforms')
  assert.equal(broken('services/core/src/a.ts', "import { x } from 'left-pad/x.js'"), 1, 'a package that is not declared')
  assert.equal(broken('services/tree/src/a.ts', "import { x } from './tree-world.ts'"), 1, 'test code in what ships')
})

test('catches what only some platform has', () => {
  for (const line of [
    'Buffer.from(x)',
    'if (process.pid) x()',
    'navigator.storage',
    "'a'.localeCompare(b)",
    'new Intl.Collator()',
    'list.toSorted()',
    '/\\p{L}/u.test(x)',
    "new TextDecoder('latin1')",
  ]) {
    assert.equal(broken('services/core/src/a.ts', line), 1, line)
  }
})

test('lets good code through', () => {
  assert.equal(
    broken(
      'services/tree/src/a.ts',
      "import { x } from '@holt/core/cid.ts'\nimport { y } from './b.ts'\nimport { z } from '@holt/store/types.ts'",
    ),
    0,
  )
  assert.equal(
    broken(
      'services/core/src/a.ts',
      "// Buffer.from(x)\n/* process.exit() */ const text = 'navigator.storage'\nthis.process.run()\nnew TextDecoder('utf-8')",
    ),
    0,
  )
  assert.equal(broken('services/core/src/a.test.ts', "import test from 'node:test'\nimport { x } from '@holt/platform-nodejs/disk.ts'"), 0)
  assert.equal(broken('services/daemon/src/main.ts', "import { x } from '@holt/node/node.ts'\nimport 'node:fs'"), 0)
})

test('reads sources as the language does', () => {
  assert.equal(
    codeOf("a = 'it\\'s' // gone\nb = /\\/[/'\"]/g.test(c) /* gone */ / d", { keepTexts: false }).replace(/\s+/g, ' '),
    "a = '' b = ''.test(c) / d",
  )
  assert.deepEqual(importsOf("import a, { type b } from 'x'\nexport { c } from \"y\"\n// import d from 'z'\nconst from = 'w'"), ['x', 'y'])
})
