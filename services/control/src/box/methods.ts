import { type Static, Type } from 'typebox'
import type { MethodSchemas } from '../method-schema.ts'
import { Label, NetworkSettings } from './network-settings.ts'

/** Every call the helper of a box answers. It trusts nobody: each parameter is as narrow as what becomes of it. */

const strict = { additionalProperties: false } as const
const Empty = Type.Object({}, strict)
const Ok = Type.Object({})
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

export const Trial = Type.Object({
  id: Type.String({ description: 'names these settings while they are on trial' }),
  settings: NetworkSettings,
  remainingMs: Type.Integer({ description: 'until the settings before come back' }),
})
export type Trial = Static<typeof Trial>

export const NetworkState = Type.Object({
  settings: NetworkSettings,
  byOwner: Type.Boolean({ description: 'false: as the box came' }),
  trial: Nullable(Trial),
})
export type NetworkState = Static<typeof NetworkState>

export const NetworkStatus = Type.Object({
  oneArmed: Type.Boolean({ description: 'one wired port: the box is a guest in another network' }),
  wifi: Nullable(Type.String({ description: 'the radio' })),
  links: Type.Array(
    Type.Object({
      name: Type.String(),
      role: Type.Union([Type.Literal('outside'), Type.Literal('lan'), Type.Literal('guest'), Type.Literal('remote'), Type.Literal('port')]),
      up: Type.Boolean(),
      addresses: Type.Array(Type.String()),
      receivedBytes: Type.Integer(),
      sentBytes: Type.Integer(),
    }),
  ),
  online: Type.Boolean({ description: 'there is a way to the outside' }),
  gateway: Nullable(Type.String()),
  leases: Type.Array(
    Type.Object({
      mac: Type.String(),
      address: Type.String(),
      name: Nullable(Type.String()),
      expires: Type.Integer({ description: 'seconds since 1970, 0: never' }),
    }),
  ),
  phones: Type.Array(
    Type.Object({
      publicKey: Type.String(),
      lastSeen: Type.Integer({ description: 'seconds since 1970, 0: never' }),
      receivedBytes: Type.Integer(),
      sentBytes: Type.Integer(),
    }),
  ),
})
export type NetworkStatus = Static<typeof NetworkStatus>

export const UpdateStatus = Type.Object({
  available: Type.Boolean({ description: 'false where the system is not updated by bundles' }),
  compatible: Type.String(),
  booted: Nullable(Type.String({ description: 'slot' })),
  version: Nullable(Type.String({ description: 'that runs' })),
  onTrial: Type.Boolean({ description: 'the version that runs has still to prove itself' }),
  next: Nullable(Type.String({ description: 'the slot that starts next, when that is another one than runs' })),
  fellBackFrom: Nullable(Type.String({ description: 'version that was started, did not work, and is not started any more' })),
  slots: Type.Array(
    Type.Object({
      name: Type.String(),
      bootname: Type.String(),
      state: Type.Union([Type.Literal('booted'), Type.Literal('active'), Type.Literal('inactive')]),
      bootStatus: Type.Union([Type.Literal('good'), Type.Literal('bad'), Type.Literal('unknown')]),
      version: Nullable(Type.String()),
      installed: Nullable(Type.String({ description: 'ISO 8601' })),
    }),
  ),
})
export type UpdateStatus = Static<typeof UpdateStatus>

export const BundleInfo = Type.Object({
  compatible: Type.String(),
  version: Type.String(),
  description: Type.String(),
  build: Type.String(),
})
export type BundleInfo = Static<typeof BundleInfo>

export const UpdatePlan = Type.Object(
  {
    automatic: Type.Boolean({ description: 'newer versions are installed without asking' }),
    fromHour: Type.Integer({ minimum: 0, maximum: 23, description: 'of the day, in the time of the box: it may restart from then on' }),
    hours: Type.Integer({ minimum: 1, maximum: 24, description: 'and for so long' }),
    spreadDays: Type.Integer({ minimum: 0, maximum: 30, description: 'boxes take their turns within so many days of a release' }),
    treeFolder: Nullable(
      Type.String({ pattern: '^/[^\\x00]{1,1023}$', description: 'a folder of the tree where bundles arrive; null: none' }),
    ),
  },
  strict,
)
export type UpdatePlan = Static<typeof UpdatePlan>

export const UpdateOffer = Type.Object({
  path: Type.String(),
  version: Type.String(),
  changes: Type.String({ description: 'what it changes, in the words of who made it' }),
  built: Type.String({ description: 'day' }),
})
export type UpdateOffer = Static<typeof UpdateOffer>

export const UpdatePlanState = Type.Object({
  plan: UpdatePlan,
  offers: Type.Array(UpdateOffer, { description: 'newer versions that are here, the newest first' }),
  begins: Nullable(Type.Integer({ description: 'when the newest is installed by itself, seconds since 1970; null: not by itself' })),
})
export type UpdatePlanState = Static<typeof UpdatePlanState>

/** A file below the folders where bundles may lie: nothing that begins with a dash, nothing that climbs. */
const BundlePath = Type.String({
  pattern: '^/(?:data/holt|data/system|run/media)/(?:[A-Za-z0-9][A-Za-z0-9 ._+-]*/)*[A-Za-z0-9][A-Za-z0-9 ._+-]*\\.raucb$',
  maxLength: 512,
  description: 'a .raucb file below /data/holt, /data/system or /run/media',
})

export const DiskInfo = Type.Object({
  device: Type.String({ description: '/dev/sda' }),
  name: Type.String({ description: 'maker and model' }),
  serial: Type.String(),
  sizeBytes: Type.Integer(),
  removable: Type.Boolean(),
  connection: Type.String({ description: 'usb, sata, nvme …; empty when it does not say' }),
  role: Type.Union([
    Type.Literal('system', { description: 'the box runs from it' }),
    Type.Literal('holt', { description: 'prepared for Holt' }),
    Type.Literal('foreign', { description: 'holds something of others: left alone' }),
    Type.Literal('empty'),
  ]),
  folder: Nullable(Type.String({ description: 'where it is mounted for Holt' })),
  contents: Type.Array(Type.Object({ type: Type.String(), label: Type.String(), sizeBytes: Type.Integer() })),
  consent: Type.String({ description: 'what the owner has to type before it is erased' }),
})
export type DiskInfo = Static<typeof DiskInfo>

export const DiskHealth = Type.Object({
  state: Type.Union([Type.Literal('good'), Type.Literal('worn'), Type.Literal('failing'), Type.Literal('unknown')]),
  temperature: Nullable(Type.Integer({ description: '°C' })),
  hours: Nullable(Type.Integer({ description: 'of running' })),
  defects: Nullable(Type.Integer({ description: 'sectors that had to be replaced, or media errors' })),
  wearPercent: Nullable(Type.Integer({ description: 'of what a flash drive is made for' })),
  problems: Type.Array(Type.String()),
})
export type DiskHealth = Static<typeof DiskHealth>

const Device = Type.String({
  pattern: '^/dev/(?:sd[a-z]{1,2}|vd[a-z]{1,2}|nvme\\d{1,2}n\\d{1,2}|mmcblk\\d{1,2})$',
  description: 'a whole drive',
})

export const TimeStatus = Type.Object({
  now: Type.Number({ description: 'seconds since 1970' }),
  synchronized: Type.Boolean(),
  zone: Type.String(),
  server: Nullable(Type.String()),
})
export type TimeStatus = Static<typeof TimeStatus>

export const Endorsement = Type.Object({
  key: Type.String({ description: 'the kind of key it is about, as `ECC P-256`' }),
  issuer: Type.String(),
  sha256: Type.String({ description: 'of the certificate, in hexadecimal digits' }),
  pem: Type.String(),
})
export type Endorsement = Static<typeof Endorsement>

export const TpmStatus = Type.Object({
  present: Type.Boolean(),
  version: Nullable(Type.String()),
  maker: Nullable(Type.String()),
  dataKeySealed: Type.Boolean({ description: 'the key of the data drive is in the TPM' }),
  endorsements: Type.Array(Endorsement, { description: 'certificates in which its maker vouches for it, unchecked' }),
  recoveryKey: Type.Boolean({ description: 'another key, on paper, opens the data drive too' }),
})
export type TpmStatus = Static<typeof TpmStatus>

/** A public key as ssh-keygen writes it, without options before it. */
const SshKey = Type.String({
  pattern:
    '^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com) [A-Za-z0-9+/]{32,}={0,2}(?: [ -~]{0,200})?$',
  maxLength: 2048,
  description: 'a line of authorized_keys: kind, key, comment',
})

export const SshStatus = Type.Object({
  enabled: Type.Boolean(),
  running: Type.Boolean(),
  keys: Type.Array(Type.Object({ text: Type.String(), kind: Type.String(), comment: Type.String(), fingerprint: Type.String() }), {
    description: 'who may come in',
  }),
  hostKey: Nullable(Type.String({ description: 'fingerprint that the first connection shows; null before SSH first ran' })),
})
export type SshStatus = Static<typeof SshStatus>

export const boxMethods = {
  'network.get': { params: Empty, result: NetworkState, summary: 'How the box is connected, and what is on trial' },
  'network.status': { params: Empty, result: NetworkStatus, summary: 'Links, leases and phones right now' },
  'network.set': {
    params: Type.Object({ settings: NetworkSettings }, strict),
    result: Trial,
    summary: 'Tries settings for a minute; unless they are confirmed the ones before come back',
  },
  'network.confirm': {
    params: Type.Object({ id: Type.String({ maxLength: 64 }) }, strict),
    result: Ok,
    summary: 'Keeps the settings that are on trial',
  },
  'network.rollBack': { params: Empty, result: Ok, summary: 'Ends a trial at once' },
  'wireguard.addPhone': {
    params: Type.Object(
      { name: Label, everything: Type.Boolean({ description: 'all its traffic goes through the box, not only that for home' }) },
      strict,
    ),
    result: Type.Object({ configuration: Type.String({ description: 'for the WireGuard app; it is not kept' }), address: Type.String() }),
    summary: 'Lets a phone or laptop in from outside; its secret is told once',
  },
  'wireguard.removePhone': { params: Type.Object({ name: Label }, strict), result: Ok, summary: 'Shuts it out again' },
  'accounts.status': { params: Empty, result: Type.Object({ hasPassword: Type.Boolean() }), summary: 'Whether the owner has a password' },
  'accounts.verify': {
    params: Type.Object({ password: Type.String({ minLength: 1, maxLength: 512 }) }, strict),
    result: Ok,
    summary: 'Checks the password of the owner through PAM; wrong ones make the next wait',
  },
  'accounts.setPassword': {
    params: Type.Object(
      {
        password: Type.String({ minLength: 1, maxLength: 512 }),
        oldPassword: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
      },
      strict,
    ),
    result: Ok,
    summary: 'Sets the password of the owner; needs the old one when there is one',
  },
  'updates.status': { params: Empty, result: UpdateStatus, summary: 'Slots and versions' },
  'updates.inspect': {
    params: Type.Object({ path: BundlePath }, strict),
    result: BundleInfo,
    summary: 'What a bundle is, its signature checked',
  },
  'updates.install': {
    params: Type.Object({ path: BundlePath }, strict),
    result: Ok,
    long: true,
    summary: 'Writes a bundle to the slot that is not running; it runs after the next restart',
  },
  'updates.plan': { params: Empty, result: UpdatePlanState, summary: 'What could be installed, and when it would be by itself' },
  'updates.look': {
    params: Empty,
    result: UpdatePlanState,
    long: true,
    summary: 'Looks for bundles on sticks and in the folder of the tree now, and says what could be installed',
  },
  'updates.setPlan': {
    params: Type.Object({ plan: UpdatePlan }, strict),
    result: Ok,
    summary: 'Whether and when newer versions are installed by themselves',
  },
  'updates.markGood': { params: Empty, result: Ok, summary: 'The running slot works' },
  'power.restart': { params: Empty, result: Ok, summary: 'Restarts the box' },
  'power.shutdown': { params: Empty, result: Ok, summary: 'Switches the box off' },
  'power.factoryReset': {
    params: Type.Object({ consent: Type.String({ maxLength: 64 }) }, strict),
    result: Ok,
    summary: "Makes the box as it came and erases its drive; consent is 'erase everything'",
  },
  'ssh.get': { params: Empty, result: SshStatus, summary: 'Whether the owner can sign in through SSH, and with which keys' },
  'ssh.set': {
    params: Type.Object({ enabled: Type.Boolean(), keys: Type.Array(SshKey, { maxItems: 20 }) }, strict),
    result: Ok,
    summary: 'Turns SSH on or off, for these keys',
  },
  'disks.list': { params: Empty, result: Type.Object({ disks: Type.Array(DiskInfo) }), summary: 'Every drive, and whose it is' },
  'disks.health': {
    params: Type.Object({ device: Device }, strict),
    result: DiskHealth,
    summary: 'What the drive says of itself (S.M.A.R.T.)',
  },
  'disks.prepare': {
    params: Type.Object({ device: Device, consent: Type.String({ maxLength: 128 }) }, strict),
    result: Type.Object({ folder: Type.String() }),
    long: true,
    summary: 'Erases a drive and makes it one for Holt; consent as disks.list says',
  },
  'time.get': { params: Empty, result: TimeStatus, summary: 'The clock' },
  'time.set': {
    params: Type.Object({ now: Type.Number({ description: 'seconds since 1970' }) }, strict),
    result: Ok,
    summary: 'Sets the clock while the network has not',
  },
  'data.makeRecoveryKey': {
    params: Empty,
    result: Type.Object({ key: Type.String({ description: 'told once; it is kept nowhere' }) }),
    summary: 'Makes a key that opens the data drive when the TPM does not; one made before is worth nothing then',
  },
  'tpm.status': { params: Empty, result: TpmStatus, summary: 'The security chip' },
} as const satisfies MethodSchemas

export type BoxMethods = typeof boxMethods
export type BoxMethodName = keyof BoxMethods
