import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../peers/harness.ts'
import { repositoryRoot } from './runtimes.ts'

const built = join(repositoryRoot, 'build/mobile')
const apks = readdirSync(join(built, 'apk'))
  .filter((name) => name.endsWith('.apk'))
  .map((name) => join(built, 'apk', name))
const abis = ['arm64-v8a', 'armeabi-v7a', 'x86_64']

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout
}

test('there is an app for each processor, signed by schemes 2 and 3, aligned; one changed byte is found', async (context) => {
  assert.deepEqual(new Set(apks.map((path) => /-([a-z]\w+(?:-v\d\w)?)\.apk$/.exec(path)?.[1])), new Set(abis))
  for (const path of apks) {
    const said = output('apksigner', ['verify', '-v', '--min-sdk-version', '24', path])
    for (const scheme of ['v2', 'v3']) assert.match(said, new RegExp(`\\(APK Signature Scheme ${scheme}\\): true`))
    output('zipalign', ['-c', '4', path])
  }
  const changed = readFileSync(apks[0] as string)
  changed[1000] = (changed[1000] as number) ^ 1
  const path = join(await temporaryFolder(context), 'changed.apk')
  writeFileSync(path, changed)
  assert.notEqual(spawnSync('apksigner', ['verify', path]).status, 0)
})

test('it asks for what it uses and no more; nothing but its page and what takes what is shared can be started by others', () => {
  for (const path of apks) {
    const badging = output('aapt2', ['dump', 'badging', path])
    assert.match(badging, /^package: name='org\.holt\.app' versionCode='\d+' versionName='[\d.]+'/)
    assert.match(badging, /^sdkVersion:'24'$/m)
    assert.match(badging, /^targetSdkVersion:'35'$/m)
    const permissions = [...badging.matchAll(/^uses-permission: name='android\.permission\.(\w+)'/gm)].map(([, name]) => name)
    const wanted = [
      'FOREGROUND_SERVICE',
      'FOREGROUND_SERVICE_SPECIAL_USE',
      'INTERNET',
      'POST_NOTIFICATIONS',
      'RECEIVE_BOOT_COMPLETED',
      'ACCESS_MEDIA_LOCATION',
      'ACCESS_NETWORK_STATE',
      'CHANGE_WIFI_MULTICAST_STATE',
      'WAKE_LOCK',
      'READ_EXTERNAL_STORAGE',
      'READ_MEDIA_IMAGES',
      'READ_MEDIA_VIDEO',
      'READ_MEDIA_VISUAL_USER_SELECTED',
    ]
    assert.deepEqual(new Set(permissions), new Set(wanted))
    const manifest = output('aapt2', ['dump', 'xmltree', '--file', 'AndroidManifest.xml', path])
    const components = manifest.split(/\bE: (?=activity |service |receiver |provider )/).slice(1)
    const exported = components
      .filter((one) => /exported\(0x01010010\)=true/.test(one))
      .map((one) => /name\(0x01010003\)="([^"]*)"/.exec(one)?.[1])
    assert.deepEqual(exported, ['.MainActivity', '.ShareActivity'])
    for (const one of components) assert.match(one, /exported\(0x01010010\)=/, 'each says whether it is')
    const service = components.find((one) => one.startsWith('service')) as string
    assert.match(service, /process\(0x01010011\)=":node"/)
    assert.match(service, /foregroundServiceType\(0x01010599\)=0x40000000/)
    assert.match(service, /PROPERTY_SPECIAL_USE_FGS_SUBTYPE/)
    assert.match(manifest, /allowBackup\(0x01010280\)=false/)
    assert.doesNotMatch(manifest, /debuggable|usesCleartextTraffic/)
  }
})

test("Android's attributes have the numbers that Android gives them, as far as Debian has them", () => {
  const numbers = (path: string): Map<string, string> =>
    new Map(
      [...output('aapt2', ['dump', 'resources', path]).matchAll(/resource (0x0101\w{4}) (?:android:)?attr\/(\w+)/g)].map(([, id, name]) => [
        name as string,
        id as string,
      ]),
    )
  const ours = numbers(join(built, 'app/resources/framework.apk'))
  const theirs = numbers('/usr/share/android-framework-res/framework-res.apk')
  assert.ok(ours.size > 25)
  const unknown = [...ours].filter(([name, id]) => theirs.get(name) !== id)
  assert.deepEqual(unknown, [['dataExtractionRules', '0x0101063e']], 'newer than what Debian has')
})

interface Library {
  needed: string[]
  defined: Set<string>
  undefinedNames: string[]
  align: number
}

function library(path: string): Library {
  const symbols = output('readelf', ['-W', '--dyn-syms', path])
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length >= 8)
  const alignments = [...output('readelf', ['-lW', path]).matchAll(/^\s+LOAD.* (0x\w+)$/gm)].map(([, align]) => Number(align))
  return {
    needed: [...output('readelf', ['-dW', path]).matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name as string),
    defined: new Set(symbols.filter((cells) => cells[6] !== 'UND').map((cells) => (cells[7] as string).replace(/@.*/, ''))),
    undefinedNames: symbols.filter((cells) => cells[6] === 'UND' && cells[4] === 'GLOBAL').map((cells) => cells[7] as string),
    align: Math.min(...alignments),
  }
}

test('each library finds what it needs: in the app, or in what every Android has', () => {
  const ofAndroid = ['libc.so', 'libm.so', 'libdl.so', 'liblog.so']
  for (const abi of abis) {
    const names = ['libholt.so', 'libnode.so', 'libc++_shared.so']
    const [holt, node, cpp] = names.map((name) => library(join(built, 'app/native', abi, name))) as [Library, Library, Library]
    for (const { needed } of [holt, node, cpp]) for (const name of needed) assert.ok([...ofAndroid, ...names].includes(name), name)
    // what is of Android's libc says so by its version, but for the log's
    const lacking = node.undefinedNames.filter(
      (name) => !/@LIBC/.test(name) && !cpp.defined.has(name) && !holt.defined.has(name) && !name.startsWith('__android_log'),
    )
    assert.deepEqual(lacking, [], abi)
    const natives = [
      ...readFileSync(join(repositoryRoot, 'android/src/org/holt/app/Node.java'), 'utf8').matchAll(/static native \S+ (\w+)\(/g),
    ]
    assert.equal(natives.length, 5)
    for (const [, name] of natives) assert.ok(holt.defined.has(`Java_org_holt_app_Node_${name}`), name)
    assert.ok(node.defined.has('_ZN4node5StartEiPPc'))
    assert.equal(holt.align, 16384)
    assert.equal(node.align, 4096, 'the pinned one: README says what that means')
  }
})
