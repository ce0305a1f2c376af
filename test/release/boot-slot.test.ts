import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { overlayFile, type Ran, readFiles, run, scratchFolder, writeFiles } from './scratch.ts'

/** Debian's shell, and the one in the initramfs and in Buildroot's image. */
const shells: Record<string, string[]> = { dash: ['dash'], busybox: ['busybox', 'sh'] }
const script = overlayFile('usr/lib/holt/boot-slot')

class Esp {
  readonly folder = scratchFolder()
  readonly shell: string[]
  running = 'A'

  constructor(shell: string[]) {
    this.shell = shell
    writeFiles(this.folder, { 'in/linux': 'new kernel', 'in/initrd': 'new initrd' })
  }

  run(args: string[], env: Record<string, string> = {}): Ran {
    writeFiles(this.folder, { cmdline: `quiet rauc.slot=${this.running} panic=5\n` })
    const [command, ...before] = this.shell as [string, ...string[]]
    return run(command, [...before, script, ...args], {
      HOLT_ESP: join(this.folder, 'esp'),
      HOLT_CMDLINE: join(this.folder, 'cmdline'),
      ...env,
    })
  }

  ok(...args: string[]): string {
    const ran = this.run(args)
    assert.equal(ran.status, 0, `${args.join(' ')}: ${ran.err}`)
    return ran.out
  }

  write(slot: string, ...more: string[]): string[] {
    return [
      'write-entry',
      slot,
      '--kernel',
      join(this.folder, 'in/linux'),
      '--initrd',
      join(this.folder, 'in/initrd'),
      '--cmdline',
      'panic=5',
      ...more,
    ]
  }

  /** Slot a is good and running, b was never written. */
  flashed(): this {
    rmSync(join(this.folder, 'esp'), { recursive: true, force: true })
    this.ok(...this.write('a', '--tries', '3'))
    this.ok('set-state', 'A', 'good')
    return this
  }

  get entries(): string[] {
    return Object.keys(readFiles(join(this.folder, 'esp/loader/entries'))).sort()
  }
}

/**
 * What systemd-boot starts from a folder of entries, by the rules of its documentation: those without tries left last, then
 * the higher version, then the higher name. It ignores files that do not end in .conf or that name no kernel.
 */
function systemdBootStarts(esp: string): string | null {
  const entries = Object.entries(readFiles(join(esp, 'loader/entries')))
    .filter(([name, text]) => name.endsWith('.conf') && /^linux /m.test(text))
    .map(([name, text]) => {
      const [, id, left] = /^(.*?)(?:\+(\d+)(?:-\d+)?)?\.conf$/.exec(name) as RegExpExecArray
      return { name, id: id as string, bad: left === '0' ? 1 : 0, version: Number(/^version (\d+)$/m.exec(text)?.[1] ?? 0) }
    })
    .sort((x, y) => x.bad - y.bad || y.version - x.version || (x.id < y.id ? 1 : -1))
  return entries[0]?.name ?? null
}

/** The slot in an entry's name, whose kernel and initrd must be whole when it is started without being counted. */
const slotIn = (name: string | null): string => name?.slice('holt-'.length, 'holt-'.length + 1) ?? ''

for (const [name, shell] of Object.entries(shells)) {
  describe(`boot-slot under ${name}`, () => {
    test('a fresh system is on trial until it is marked good', () => {
      const esp = new Esp(shell)
      esp.ok(...esp.write('a', '--tries', '3'))
      assert.deepEqual(esp.entries, ['holt-a+3.conf'])
      assert.equal(esp.run(['on-trial']).status, 0)
      assert.equal(esp.ok('get-primary'), 'A')
      esp.ok('set-state', 'A', 'good')
      assert.deepEqual(esp.entries, ['holt-a.conf'])
      assert.equal(esp.run(['on-trial']).status, 1)
    })

    test('a written slot is bad until it is primary, then gets three tries', () => {
      const esp = new Esp(shell).flashed()
      esp.ok(...esp.write('b'))
      assert.equal(esp.ok('get-state', 'B'), 'bad')
      assert.equal(esp.ok('get-primary'), 'A')
      esp.ok('set-primary', 'B')
      assert.equal(esp.ok('get-primary'), 'B')
      assert.equal(esp.ok('get-state', 'B'), 'good')
      assert.deepEqual(esp.entries, ['holt-a.conf', 'holt-b+3.conf'])
      assert.equal(systemdBootStarts(join(esp.folder, 'esp')), 'holt-b+3.conf')
    })

    test('when the tries are used up the other slot is primary', () => {
      const esp = new Esp(shell).flashed()
      esp.ok(...esp.write('b'))
      esp.ok('set-primary', 'B')
      const entries = join(esp.folder, 'esp/loader/entries')
      for (const [from, to] of [
        ['+3', '+2-1'],
        ['+2-1', '+1-2'],
        ['+1-2', '+0-3'],
      ] as const) {
        assert.equal(esp.ok('get-primary'), 'B')
        cpSync(join(entries, `holt-b${from}.conf`), join(entries, `holt-b${to}.conf`))
        rmSync(join(entries, `holt-b${from}.conf`))
      }
      assert.equal(esp.ok('get-primary'), 'A')
      assert.equal(esp.ok('get-state', 'B'), 'bad')
    })

    test('going back to a good slot needs no trial', () => {
      const esp = new Esp(shell).flashed()
      esp.ok(...esp.write('b'))
      esp.ok('set-primary', 'B')
      esp.running = 'B'
      esp.ok('set-state', 'B', 'good')
      esp.ok('set-primary', 'A')
      assert.deepEqual(esp.entries, ['holt-a.conf', 'holt-b.conf'])
      assert.equal(esp.ok('get-primary'), 'A')
      esp.ok('set-state', 'A', 'bad')
      assert.equal(esp.ok('get-primary'), 'B')
    })

    test('says which slot runs, and refuses what it does not know', () => {
      const esp = new Esp(shell).flashed()
      assert.equal(esp.ok('get-current'), 'A')
      assert.equal(esp.run(['get-state', 'C']).status, 1)
      assert.equal(esp.run(['set-state', 'A', 'perfect']).status, 1)
      assert.equal(esp.run(['set-primary', 'B']).status, 1)
      assert.equal(esp.run(['frobnicate']).status, 1)
      assert.equal(esp.run(['write-entry', 'b', '--kernel', join(esp.folder, 'in/linux')]).status, 1)
      assert.equal(esp.run(esp.write('b', '--title', 'x').map((word) => (word === 'panic=5' ? 'panic=5\ninitrd /evil' : word))).status, 1)
      assert.deepEqual(esp.entries, ['holt-a.conf'])
    })

    test('two names left by an interrupted rename count as one', () => {
      const esp = new Esp(shell).flashed()
      esp.ok(...esp.write('b'))
      esp.ok('set-primary', 'B')
      const entries = join(esp.folder, 'esp/loader/entries')
      cpSync(join(entries, 'holt-b+3.conf'), join(entries, 'holt-b+2-1.conf'))
      writeFileSync(join(entries, 'holt-b.new'), 'titl')
      esp.ok('tidy')
      assert.deepEqual(esp.entries, ['holt-a.conf', 'holt-b+2-1.conf'])
    })

    test('a torn entry is not made primary', () => {
      const esp = new Esp(shell).flashed()
      writeFiles(join(esp.folder, 'esp/loader/entries'), { 'holt-b+0-3.conf': 'title Ho' })
      assert.equal(esp.run(['set-primary', 'B']).status, 1)
      assert.equal(esp.ok('get-primary'), 'A')
    })
  })
}

// busybox takes its own mv and sync, which nothing can be put in front of
test('killed before or after any of its steps, some whole slot is booted and the change can be repeated', () => {
  const esp = new Esp(['dash'])
  const changes: { before: () => void; change: string[]; result: () => void }[] = [
    { before: () => {}, change: esp.write('b'), result: () => assert.equal(esp.ok('get-state', 'B'), 'bad') },
    { before: () => esp.ok(...esp.write('b')), change: ['set-primary', 'B'], result: () => assert.equal(esp.ok('get-primary'), 'B') },
    {
      before: () => {
        esp.ok(...esp.write('b'))
        esp.ok('set-primary', 'B')
      },
      change: ['set-state', 'B', 'good'],
      result: () => assert.deepEqual(esp.entries, ['holt-a.conf', 'holt-b.conf']),
    },
    {
      before: () => {
        esp.ok(...esp.write('b'))
        esp.ok('set-primary', 'B')
      },
      change: ['set-state', 'B', 'bad'],
      result: () => assert.equal(esp.ok('get-primary'), 'A'),
    },
  ]
  for (const { before, change, result } of changes) {
    let kills = 0
    for (;;) {
      esp.flashed()
      before()
      const killed = killAt(esp, change, kills + 1)
      const started = systemdBootStarts(join(esp.folder, 'esp'))
      const slot = slotIn(started)
      assert.notEqual(slot, '', `nothing boots after step ${kills} of ${change.join(' ')}`)
      const files = readFiles(join(esp.folder, 'esp/holt', slot))
      assert.equal(files['linux'], 'new kernel')
      assert.equal(files['initrd'], 'new initrd')
      esp.ok('tidy')
      assert.ok(esp.entries.every((entry) => entry.endsWith('.conf')))
      esp.ok(...change)
      result()
      if (!killed) break
      kills++
    }
    assert.ok(kills >= 4, `only ${kills} steps seen in ${change.join(' ')}`)
  }
})

/**
 * Runs the script with programs in front of the real ones that count what changes the disk, and kill the script (a power cut
 * as far as it can tell) at the given one: odd numbers before the step, even ones after it.
 *
 * @returns false when the change had fewer steps than that.
 */
function killAt(esp: Esp, change: string[], step: number): boolean {
  const folder = join(esp.folder, 'bin')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const program of ['mv', 'rm', 'cp', 'sync', 'cat', 'sed']) {
    const real = run('which', [program]).out
    // the shell to kill is the one that runs the script; a subshell's own end is part of the cut
    const wrapper = `#!/bin/dash
count=$(/bin/cat ${folder}/count 2>/dev/null || echo 0)
cut() { count=$((count + 1)); echo $count > ${folder}/count; [ $count -eq ${step} ] && touch ${folder}/killed && kill -9 "$HOLT_TEST_SHELL"; return 0; }
cut
[ -e ${folder}/killed ] && exit 1
${real} "$@"
status=$?
cut
exit $status
`
    writeFileSync(join(folder, program), wrapper)
    chmodSync(join(folder, program), 0o755)
  }
  const [shell, ...before] = esp.shell as [string, ...string[]]
  const line = `export HOLT_TEST_SHELL=$$; exec "$@"`
  const env = { PATH: `${folder}:${process.env['PATH']}`, HOLT_ESP: join(esp.folder, 'esp'), HOLT_CMDLINE: join(esp.folder, 'cmdline') }
  run('dash', ['-c', line, 'dash', shell, ...before, script, ...change], env)
  return existsSync(join(folder, 'killed'))
}
