import assert from 'node:assert/strict'
import { ownedBox } from './box.ts'
import { asOwner, mounted } from './holt-folder.ts'
import { until } from './machine/connect.ts'
import { machineTest } from './machine/world.ts'
import { sha256 } from './owner.ts'

machineTest(
  'the tree is the folder /holt of a box: for its owner alone, also after its node was started anew',
  async (world, step) => {
    const { box, owner } = await ownedBox(world)
    const isThere = async (text: string): Promise<void> =>
      assert.equal(await owner.hashOf('/letter'), sha256(Buffer.from(text)), 'the page has what was written in the folder')

    await step('what is written there is in the tree, and no root process or other user gets at it', async () => {
      await mounted(box)
      await asOwner(box, 'printf first > /holt/letter && sync /holt/letter && ls /holt/.holt/snapshots/ > /dev/null')
      await isThere('first')
      assert.notEqual((await box.shell.tryRun('cat /holt/letter')).code, 0)
      assert.notEqual((await box.shell.tryRun('setpriv --reuid dnsmasq --regid dnsmasq --clear-groups ls /holt/')).code, 0)
    })

    await step('where SSH lets the owner in it is the same, and can be written', async () => {
      await box.shell.run('mkdir -p /data/system/enabled && touch /data/system/enabled/ssh && systemctl start holt-ssh', {
        limitMs: 180_000,
      })
      const pid = await box.shell.run('systemctl show -p MainPID --value holt-ssh')
      await box.shell.run(
        `nsenter --mount=/proc/${pid}/ns/mnt setpriv --reuid owner --regid owner --clear-groups sh -c 'printf ssh > /holt/letter && sync /holt/letter'`,
        { limitMs: 120_000 },
      )
      await isThere('ssh')
    })

    await step('what stays of it runs as the node does, without rights', async () => {
      const [pid] = (await box.shell.run('systemctl show -p MainPID --value holt-mount')).split('\n')
      const status = await box.shell.run(`cat /proc/${pid}/status`)
      for (const line of [/^Uid:\t990\t990\t990\t990$/m, /^Gid:\t990\t990\t990\t990$/m, /^Cap(?:Eff|Prm|Amb):\t0+$/m])
        assert.match(status, line)
      for (const line of [/^NoNewPrivs:\t1$/m, /^Seccomp:\t2$/m]) assert.match(status, line)
    })

    await step('with the node it goes and comes: what was written just before is kept', async () => {
      await asOwner(box, 'printf second > /holt/letter')
      await box.shell.run('systemctl restart holt.service', { limitMs: 120_000 })
      await mounted(box)
      assert.equal(await asOwner(box, 'cat /holt/letter'), 'second')
    })

    await step('when the node or the process that serves it is killed it comes back', async () => {
      for (const unit of ['holt', 'holt-mount']) {
        const before = await box.shell.run('systemctl show -p MainPID --value holt-mount')
        await box.shell.run(`systemctl kill --kill-who=main -s KILL ${unit}.service`)
        await until(
          'another one',
          async () => ![before, '0'].includes(await box.shell.run('systemctl show -p MainPID --value holt-mount')),
          {
            limitMs: 300_000,
            everyMs: 1000,
          },
        )
        await mounted(box)
        assert.equal(await asOwner(box, 'cat /holt/letter'), 'second')
      }
    })
  },
  { limitMs: 1_800_000 },
)
