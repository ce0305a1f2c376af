import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { AndroidApi } from './android-api.ts'
import { type DefinedClass, type Method, readDex } from './dex.ts'
import { repositoryRoot } from './runtimes.ts'

const { ensureInput } = (await import(new URL('../../scripts/mobile/inputs.mjs', import.meta.url).href)) as {
  ensureInput(name: string): string
}

const dex = readDex(readFileSync(join(repositoryRoot, 'build/mobile/app/classes.dex')))
const lists = ensureInput('api')
/** The list of 35 says nothing of jobs: they moved to a jar of their own in 33. Of them the newest list counts that has them. */
const jobs = { path: join(lists, '32.d.ts'), package: 'android.app.job' }
const apis = { 24: new AndroidApi(join(lists, '24.d.ts')), 35: new AndroidApi(join(lists, '35.d.ts'), jobs) }
const ours = new Map(dex.classes.map((one) => [one.name, one]))
const isOurs = (type: string): boolean => ours.has(type)
const textOf = ({ owner, name, parameters }: Method): string => `${owner}${name}(${parameters.join('')})`

/** The classes of Android that a class of ours stands on. */
function foreignAbove({ above }: DefinedClass): string[] {
  return above.flatMap((type) => {
    const own = ours.get(type)
    return own === undefined ? [type] : foreignAbove(own)
  })
}

function definesIt(owner: string, method: Method): boolean {
  const own = ours.get(owner)
  const isSame = (one: Method): boolean => one.name === method.name && one.parameters.join() === method.parameters.join()
  return own !== undefined && (own.methods.some(isSame) || own.above.some((type) => definesIt(type, method)))
}

/** What the app asks of Android that is not in its list. */
function lacking(api: AndroidApi): string[] {
  const found: string[] = []
  for (const method of dex.methods) {
    if (method.owner.startsWith('[') || definesIt(method.owner, method)) continue
    const own = ours.get(method.owner)
    const owners = own === undefined ? [method.owner] : foreignAbove(own)
    if (!owners.some((owner) => api.hasMethod(owner, method))) found.push(textOf(method))
  }
  for (const field of dex.fields) if (!isOurs(field.owner) && !api.hasField(field.owner, field)) found.push(`${field.owner}${field.name}`)
  for (const one of dex.classes) for (const type of foreignAbove(one)) if (!api.has(type)) found.push(`${type} above ${one.name}`)
  return found.sort()
}

const newer = [
  'Landroid/app/Notification$Builder;<init>(Landroid/content/Context;Ljava/lang/String;)',
  'Landroid/app/NotificationChannel;<init>(Ljava/lang/String;Ljava/lang/CharSequence;I)',
  'Landroid/app/NotificationManager;createNotificationChannel(Landroid/app/NotificationChannel;)',
  'Landroid/content/ContentResolver;query(Landroid/net/Uri;[Ljava/lang/String;Landroid/os/Bundle;Landroid/os/CancellationSignal;)',
  'Landroid/content/Context;startForegroundService(Landroid/content/Intent;)',
  'Landroid/provider/MediaStore;getExternalVolumeNames(Landroid/content/Context;)',
  'Landroid/provider/MediaStore;getVersion(Landroid/content/Context;Ljava/lang/String;)',
  'Landroid/provider/MediaStore;setRequireOriginal(Landroid/net/Uri;)',
  'Lorg/holt/app/MainActivity;startForegroundService(Landroid/content/Intent;)',
  'Lorg/holt/app/ShareActivity;startForegroundService(Landroid/content/Intent;)',
]

test('all that the app calls and reads is in the list of API 35', () => {
  assert.ok(apis[35].size > 5000 && dex.methods.length > 300)
  assert.deepEqual(lacking(apis[35]), [])
})

test('what is not in the list of API 24 is what the app asks for only after it looked at the version', () => {
  assert.ok(apis[24].size > 3000)
  // whoever adds one here has put `Build.VERSION.SDK_INT` before it
  assert.deepEqual(lacking(apis[24]), newer)
})

test("a method that Android is to call has Android's own signature", () => {
  let count = 0
  for (const one of dex.classes)
    for (const method of one.methods) {
      const above = foreignAbove(one).filter((type) => apis[35].hasNamed(type, method.name))
      if (method.name.startsWith('<') || above.length === 0) continue
      count++
      for (const type of above) assert.ok(apis[35].hasMethod(type, method), `${textOf(method)} is another one in ${type}`)
    }
  assert.ok(count > 30, `${count} methods`)
})

test('the lists tell what is there from what is not', () => {
  const call = (name: string, ...parameters: string[]): Method => ({ owner: '', name, parameters, returns: 'V' })
  const [manager, channel] = ['Landroid/app/NotificationManager;', 'Landroid/app/NotificationChannel;'] as const
  const create = call('createNotificationChannel', channel)
  assert.deepEqual([apis[24].hasMethod(manager, create), apis[35].hasMethod(manager, create)], [false, true])
  assert.equal(apis[35].hasMethod(manager, call('createNotificationChannel', 'I')), false)
  assert.equal(apis[35].hasMethod(manager, call('createNotificationChannels', channel)), false)
  assert.deepEqual([apis[24].has(channel), apis[35].has(channel)], [false, true])
})
