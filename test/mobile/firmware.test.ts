import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../peers/harness.ts'
import { type BlueprintValue, readBlueprint } from './firmware/blueprint.ts'
import { readMakefile } from './firmware/makefile.ts'
import { repositoryRoot } from './runtimes.ts'

/** The product tree of a phone build, as far as it can be looked at without Android's sources. */

const tree = join(repositoryRoot, 'firmware/phone/vendor/holt')
const textOf = (path: string): string => readFileSync(join(tree, path), 'utf8')
const files = readdirSync(tree, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(tree.length + 1))
const modules = readBlueprint(textOf('Android.bp'))
const common = readMakefile(textOf('holt_common.mk'))
const manifest = readFileSync(join(repositoryRoot, 'android/AndroidManifest.xml'), 'utf8')

test('every XML file is one, and names the two packages and no other', () => {
  const found = files.filter((path) => path.endsWith('.xml'))
  assert.ok(found.length >= 7, found.join())
  for (const path of found) {
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', join(tree, path)], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    for (const [, name] of textOf(path).matchAll(/\bpackage(?:Name)?="([^"]*)"/g))
      assert.ok(['org.holt.app', 'org.holt.setup'].includes(name as string), `${path}: ${name}`)
  }
})

test('each product is complete, is offered by lunch, and stands on products that are there or are Android’s', () => {
  const { variables } = readMakefile(textOf('AndroidProducts.mk'))
  const made = (variables.get('PRODUCT_MAKEFILES') ?? []).map((path) => basename(path))
  assert.deepEqual([...made].sort(), files.filter((path) => /^holt_(?!common).*\.mk$/.test(path)).sort())
  const offered = (variables.get('COMMON_LUNCH_CHOICES') ?? []).map((choice) => choice.split('-'))
  assert.deepEqual(
    offered.map(([product]) => `${product}.mk`),
    made,
  )
  for (const [, release, variant] of offered) assert.deepEqual([release, variant], ['trunk_staging', 'userdebug'])
  for (const path of made) {
    const product = readMakefile(textOf(path))
    for (const name of ['NAME', 'DEVICE', 'MANUFACTURER', 'BRAND', 'MODEL'])
      assert.equal(product.variables.get(`PRODUCT_${name}`)?.length, 1, `${path}: ${name}`)
    assert.equal(product.variables.get('PRODUCT_NAME')?.[0], path.replace('.mk', ''))
    assert.equal(product.inherits.at(-1), 'vendor/holt/holt_common.mk', 'ours comes last')
    for (const other of product.inherits.slice(0, -1))
      assert.match(other, /^(?:device\/google\/cuttlefish\/|\$\(SRC_TARGET_DIR\)\/product\/).*\.mk$/)
  }
})

test('what a phone gets is defined, each once, from files that are there; folders that the build is told of are there', () => {
  const names = modules.map(({ properties }) => properties['name'] as string)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual([...(common.variables.get('PRODUCT_PACKAGES') ?? [])].sort(), [...names].sort())
  for (const { type, properties } of modules) {
    assert.ok(['android_app', 'android_app_import', 'prebuilt_etc'].includes(type), type)
    assert.equal(properties['system_ext_specific'], true, `${properties['name'] as string}: beside the policy that it needs`)
    for (const key of ['src', 'manifest'])
      if (key in properties) assert.ok(files.includes(properties[key] as string), properties[key] as string)
  }
  const app = modules.find(({ type }) => type === 'android_app_import')?.properties as Record<string, BlueprintValue>
  assert.deepEqual([app['presigned'], app['preprocessed'], app['privileged']], [true, true, true])
  assert.deepEqual(app['arch'], {
    arm64: { apk: 'prebuilts/holt-arm64-v8a.apk' },
    x86_64: { apk: 'prebuilts/holt-x86_64.apk' },
  })
  for (const name of ['SYSTEM_EXT_PRIVATE_SEPOLICY_DIRS', 'PRODUCT_PACKAGE_OVERLAYS'])
    for (const path of common.variables.get(name) ?? []) assert.ok(existsSync(join(tree, path.replace(/^vendor\/holt\//, ''))), path)
})

test('the app asks for no permission that only the system gives; what is given without a question is asked for, and is no picture', () => {
  const asked = [...manifest.matchAll(/uses-permission android:name="([^"]*)"/g)].map(([, name]) => name as string)
  const ofSystem = [...textOf('permissions/privapp-permissions-org.holt.app.xml').matchAll(/<permission name="([^"]*)"/g)]
  assert.deepEqual(ofSystem, [])
  for (const name of asked) assert.doesNotMatch(name, /WRITE_SECURE|INSTALL_PACKAGES|MANAGE_USERS|INTERACT_ACROSS|READ_PRIVILEGED/)
  const given = [...textOf('permissions/default-permissions-org.holt.app.xml').matchAll(/<permission name="([^"]*)" fixed="false"/g)]
  assert.ok(given.length > 0)
  for (const [, name = ''] of given) {
    assert.ok(asked.includes(name), name)
    assert.doesNotMatch(name, /MEDIA|STORAGE|LOCATION|CAMERA/)
  }
  assert.match(textOf('overlay/packages/apps/Launcher3/res/xml/default_workspace_5x5.xml'), /className="org\.holt\.app\.MainActivity"/)
  assert.match(manifest, /android:name="\.MainActivity"/)
})

/** Our rules over the stub, compiled. @returns what is wrong; '' for nothing. */
async function compile(context: TestContext, more = ''): Promise<string> {
  const folder = await temporaryFolder(context)
  writeFileSync(join(folder, 'RULES'), `${textOf('sepolicy/holt_node.te')}\n${more}\n`)
  const stub = readFileSync(join(repositoryRoot, 'test/mobile/firmware/stub-policy.m4'), 'utf8')
  // the language wants all classes, then initial SIDs, then what they can
  const source = join(folder, 'policy.m4')
  writeFileSync(source, stub)
  const expanded = spawnSync('m4', ['-I', folder, source], { encoding: 'utf8' })
  assert.equal(expanded.status, 0, expanded.stderr)
  writeFileSync(join(folder, 'policy.conf'), expanded.stdout)
  const { status, stderr, stdout } = spawnSync('checkpolicy', ['-c', '30', '-o', join(folder, 'policy'), join(folder, 'policy.conf')], {
    encoding: 'utf8',
  })
  return status === 0 ? '' : stderr + stdout
}

test('the rules of the node’s domain compile, and break nothing that holds for every app; bad ones are refused', async (context) => {
  assert.equal(await compile(context), '')
  for (const [bad, why] of [
    ['allow holt_node system_data_file:file write;', /neverallow/],
    ['allow holt_node privapp_data_file:file execute;', /neverallow/],
    ['allow holt_node media_rw_data_file:file unlink;', /neverallow/],
    ['allow holt_node priv_app:process ptrace;', /neverallow/],
    ['allow holt_node self:capability net_admin;', /neverallow/],
    ['allow holt_node block_device:blk_file read;', /neverallow/],
    ['allow holt_node no_such_type:file read;', /unknown type/],
    ['allow holt_node app_data_file:file fly;', /permission fly is not defined/],
    ['allow holt_node app_data_file:file read', /syntax error/],
  ] as const)
    assert.match(await compile(context, bad), why, bad)
})

test('the node’s process alone is put into it', () => {
  const lines = textOf('sepolicy/seapp_contexts')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  assert.equal(lines.length, 1)
  const fields = Object.fromEntries((lines[0] as string).split(' ').map((field) => field.split('=')))
  assert.deepEqual(fields, {
    user: '_app',
    isPrivApp: 'true',
    name: 'org.holt.app:node',
    domain: 'holt_node',
    type: 'privapp_data_file',
    levelFrom: 'user',
  })
  assert.match(manifest, /android:process=":node"/)
})

test('the step of the set-up compiles, is the home screen of highest rank, and names its texts in both languages', async (context) => {
  const folder = await temporaryFolder(context)
  const names = (path: string): string[] => [...textOf(path).matchAll(/<string name="(\w+)"/g)].map(([, name]) => name as string)
  const texts = names('setup/res/values/strings.xml')
  assert.deepEqual(names('setup/res/values-de/strings.xml'), texts)
  mkdirSync(join(folder, 'org/holt/setup'), { recursive: true })
  const fields = texts.map((name, i) => `public static final int ${name} = ${i};`)
  const ids = join(folder, 'org/holt/setup/R.java')
  writeFileSync(ids, `package org.holt.setup; final class R { static final class string { ${fields.join(' ')} } }`)
  const source = join(tree, 'setup/src/org/holt/setup/SetupActivity.java')
  const fakes = join(repositoryRoot, 'android/fakes')
  const options = ['--release', '8', '-Xlint:-options', '-sourcepath', fakes, '-d', join(folder, 'out'), ids, source]
  const { status, stderr } = spawnSync('javac', options, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.match(textOf('setup/AndroidManifest.xml'), /android:priority="5"[^]*category\.HOME[^]*category\.SETUP_WIZARD/)
})

test('the checks find what is wrong', () => {
  for (const text of [
    'a {\n  name: "b",\n}\n',
    'a {\n    name: "b"\n}\n',
    'a {\n    name: "b",\n    name: "c",\n}\n',
    'a {\n    name: b,\n}\n',
    'a {\n    name: "b",\n',
  ])
    assert.throws(() => readBlueprint(text), /^Error: line \d/, text)
  for (const text of ['A := \\\n    b \\\n', 'A := b \n', 'A = b\n', '\tA := b\n', '$(call inherit-product, a.mk\n', 'A := \\\n  b\n'])
    assert.throws(() => readMakefile(text), text)
})
