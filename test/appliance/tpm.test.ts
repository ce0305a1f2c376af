import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readEndorsements } from '@holt/appliance/system/endorsement.ts'
import { systemTools, type Tools } from '@holt/appliance/system/tools.ts'
import { Child } from '../image/machine/child.ts'
import { until } from '../image/machine/connect.ts'
import { Tpm } from '../image/machine/tpm.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holt-tpm-test-'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** The programs of the system, on a chip that runs for as long as `work`. */
async function onChip(chip: Tpm, work: (tools: Tools) => Promise<void>): Promise<void> {
  const socket = join(chip.folder, 'commands')
  const files = `--tpmstate dir=${chip.folder} --server type=unixio,path=${socket} --ctrl type=unixio,path=${socket}.ctrl`
  const child = new Child(['swtpm', 'socket', '--tpm2', ...files.split(' '), '--flags', 'not-need-init,startup-clear'])
  try {
    await until('a TPM', async () => existsSync(socket), { limitMs: 10_000 })
    const toChip = `TPM2TOOLS_TCTI=swtpm:path=${socket}`
    await work({ run: (program, args, options) => systemTools.run('env', [toChip, program, ...args], options) })
  } finally {
    await child.kill()
  }
}

test('reads in which certificates the maker of a TPM vouches for it', async () => {
  const chip = new Tpm(join(folder, 'made'))
  await chip.manufacture()
  const authority = new X509Certificate(await readFile(join(chip.folder, 'authority/issuer-certificate.pem')))
  await onChip(chip, async (tools) => {
    const endorsements = await readEndorsements(tools)
    assert.ok(endorsements.length > 0)
    for (const { pem, issuer, sha256 } of endorsements) {
      const certificate = new X509Certificate(pem)
      assert.ok(certificate.verify(authority.publicKey), 'it is the one the maker signed')
      assert.equal(sha256, createHash('sha256').update(certificate.raw).digest('hex'))
      assert.match(issuer, /CN=swtpm-localca/)
    }
  })
})

test('a chip without certificates, and no chip at all, are nothing to fail for', async () => {
  const chip = new Tpm(join(folder, 'bare'))
  await mkdir(chip.folder)
  await onChip(chip, async (tools) => assert.deepEqual(await readEndorsements(tools), []))
  const none: Tools = { run: (program, args) => systemTools.run('env', ['TPM2TOOLS_TCTI=device:/dev/null/none', program, ...args]) }
  assert.deepEqual(await readEndorsements(none), [])
})
