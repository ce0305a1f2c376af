import type { BoxMethodName, BoxMethods } from '@holt/control/box/methods.ts'
import type { ParamsIn, ResultIn } from '@holt/control/method-schema.ts'
import type { CallOptions } from '@holt/control/schema.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { OwnerAccount } from './accounts/owner-account.ts'
import type { Ssh } from './accounts/ssh.ts'
import type { DataKey } from './disks/data-key.ts'
import type { Disks } from './disks/disks.ts'
import { diskHealth } from './disks/smart.ts'
import type { BoxFacts } from './network/generated-file.ts'
import type { NetworkKeeper } from './network/network-keeper.ts'
import { networkStatus } from './network/network-status.ts'
import type { Phones } from './network/phones.ts'
import type { Clock } from './system/clock.ts'
import type { Power } from './system/power.ts'
import type { Tools } from './system/tools.ts'
import { tpmStatus } from './system/tpm.ts'
import type { AutomaticUpdates } from './updates/automatic-updates.ts'
import type { Updates } from './updates/updates.ts'

/** What the helper of a box works with. */
export interface HelperParts {
  network: NetworkKeeper
  phones: Phones
  account: OwnerAccount
  ssh: Ssh
  updates: Updates
  automaticUpdates: AutomaticUpdates
  power: Power
  disks: Disks
  dataKey: DataKey
  clock: Clock
  tools: Tools
  /** The same, with rights that this process itself has not. */
  outside: Tools
  facts: () => Promise<BoxFacts>
  log: (text: string) => void
}

type Method<Name extends BoxMethodName> = (params: ParamsIn<BoxMethods, Name>, options: CallOptions) => Promise<ResultIn<BoxMethods, Name>>
type Table = { [Name in BoxMethodName]: Method<Name> }

export interface Helper {
  call<Name extends BoxMethodName>(
    name: Name,
    params: ParamsIn<BoxMethods, Name>,
    options?: CallOptions,
  ): Promise<ResultIn<BoxMethods, Name>>
}

/** Every call of the helper; params are taken as checked. */
export function createHelper(parts: HelperParts): Helper {
  const table: Table = { ...networkMethods(parts), ...accountMethods(parts), ...updateMethods(parts), ...machineMethods(parts) }
  return {
    call: async (name, params, options = {}) => {
      // TypeScript cannot see that one and the same name picks both
      const method = table[name] as unknown as Method<typeof name>
      try {
        return await method(params, options)
      } catch (error) {
        const known = toHoltError(error)
        if (known.code === 'INTERNAL') parts.log(`${name}: ${error instanceof Error ? error.stack : String(error)}`)
        throw known
      }
    },
  }
}

type Group<Prefix extends string> = Pick<Table, Extract<BoxMethodName, `${Prefix}.${string}`>>

function networkMethods({ network, phones, tools, facts, log }: HelperParts): Group<'network' | 'wireguard'> {
  return {
    'network.get': async () => network.state(),
    'network.status': async () => networkStatus(tools, await facts()),
    'network.set': async ({ settings }) => {
      const trial = await network.set(settings)
      log('new network settings are on trial')
      return trial
    },
    'network.confirm': async ({ id }) => done(network.confirm(id), () => log('the new network settings are confirmed')),
    'network.rollBack': async () => done(network.rollBack()),
    'wireguard.addPhone': async ({ name, everything }) => {
      const added = await phones.add(name, { everything })
      log(`remote access for ${name}`)
      return added
    },
    'wireguard.removePhone': async ({ name }) => done(phones.remove(name), () => log(`no more remote access for ${name}`)),
  }
}

function accountMethods({ account, ssh, log }: HelperParts): Group<'accounts' | 'ssh'> {
  return {
    'accounts.status': async () => ({ hasPassword: await account.hasPassword() }),
    'accounts.verify': async ({ password }) => done(account.verify(password)),
    'accounts.setPassword': async ({ password, oldPassword }) =>
      done(account.setPassword(password, oldPassword), () => log('the password of the owner is set')),
    'ssh.get': async () => ssh.status(),
    'ssh.set': async ({ enabled, keys }) => done(ssh.set(enabled, keys), () => log(`SSH is ${enabled ? 'on' : 'off'}`)),
  }
}

function updateMethods({ updates, automaticUpdates, log }: HelperParts): Group<'updates'> {
  return {
    'updates.status': async () => updates.status(),
    'updates.inspect': async ({ path }) => updates.inspect(path),
    'updates.install': async ({ path }, options) => done(updates.install(path, options), () => log(`installed ${path}`)),
    'updates.plan': async () => automaticUpdates.state(),
    'updates.look': async () => automaticUpdates.stateNow(),
    'updates.setPlan': async ({ plan }) => done(automaticUpdates.set(plan), () => log('a new plan for updates')),
    'updates.markGood': async () => done(updates.markGood()),
  }
}

function machineMethods({ power, disks, dataKey, clock, outside, log }: HelperParts): Group<'power' | 'disks' | 'data' | 'time' | 'tpm'> {
  return {
    'power.restart': async () => done(power.restart()),
    'power.shutdown': async () => done(power.shutdown()),
    'power.factoryReset': async ({ consent }) => done(power.factoryReset(consent), () => log('factory reset')),
    'disks.list': async () => {
      await disks.mountAll()
      return { disks: await disks.list() }
    },
    'disks.health': async ({ device }) => diskHealth(outside, device),
    'disks.prepare': async ({ device, consent }, options) => {
      const prepared = await disks.prepare(device, consent, options)
      log(`${device} is erased and made a drive for Holt`)
      return prepared
    },
    'time.get': async () => clock.status(),
    'time.set': async ({ now }) => done(clock.set(now)),
    'data.makeRecoveryKey': async () => {
      const key = await dataKey.makeRecoveryKey()
      log('the data drive has a new recovery key')
      return { key }
    },
    'tpm.status': async () => tpmStatus(outside, dataKey),
  }
}

async function done(work: Promise<unknown>, then: () => void = () => {}): Promise<Record<string, never>> {
  await work
  then()
  return {}
}
