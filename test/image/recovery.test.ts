import assert from 'node:assert/strict'
import { BOOT_LIMIT_MS, bootedBox, bootToPage, newBox, pageAnswers } from './box.ts'
import { askHelper, type HelperAnswer } from './helper-calls.ts'
import { until } from './machine/connect.ts'
import type { Machine } from './machine/machine.ts'
import { machineTest } from './machine/world.ts'

machineTest(
  'with another TPM the box asks for the recovery key on its serial console; from then on that TPM opens the drive',
  async (world) => {
    const { box, home } = await bootedBox(world)
    const [made, tpm] = await askHelper(box, [['data.makeRecoveryKey'], ['tpm.status']])
    const { key } = (made as HelperAnswer).result as { key: string }
    assert.match(key, /^[a-z]{8}(-[a-z]{8}){7}$/)
    assert.deepEqual(lockOf(tpm?.result), { dataKeySealed: true, recoveryKey: true })
    await box.shell.run('touch /data/system/here-before && sync')
    await box.shutDown()

    // its drive on another board
    const drive = box.disks[0]
    assert.ok(drive)
    const other = await newBox(world, home, { name: 'other-board', drive })
    await other.powerOn()
    await type(other, 'not this one')
    await other.console.expect('this is not the recovery key', { limitMs: BOOT_LIMIT_MS })
    await type(other, key.replaceAll('-', ' '))
    await other.console.expect('the TPM keeps the key of the drive again', { limitMs: BOOT_LIMIT_MS })
    await other.shell.ready({ limitMs: BOOT_LIMIT_MS })
    await pageAnswers(home.laptop)
    assert.equal(await other.shell.run('ls /data/system/here-before'), '/data/system/here-before')
    await other.shutDown()

    await bootToPage(other, home)
    assert.equal(await other.shell.run('ls /data/system/here-before'), '/data/system/here-before')
    const [status] = await askHelper(other, [['tpm.status']])
    assert.deepEqual(lockOf(status?.result), { dataKeySealed: true, recoveryKey: true })
  },
  { limitMs: 1_500_000 },
)

/** At the prompt. It shows a moment before it listens: the line is begun anew (Ctrl-U) until it is seen as typed. */
async function type(box: Machine, text: string): Promise<void> {
  await box.console.expect('Recovery key of the drive', { limitMs: BOOT_LIMIT_MS })
  const seen = async (): Promise<boolean> => {
    box.console.write(`\x15${text}`)
    return await box.console.expect(text, { limitMs: 5000 }).then(
      () => true,
      () => false,
    )
  }
  await until('what was typed', seen)
  box.console.write('\r')
}

function lockOf(status: unknown): unknown {
  const { dataKeySealed, recoveryKey } = status as Record<string, unknown>
  return { dataKeySealed, recoveryKey }
}
