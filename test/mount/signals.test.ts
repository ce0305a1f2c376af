import { join } from 'node:path'
import { test } from 'node:test'
import { mkdir } from 'node:fs/promises'
import { mountWorld, runIn } from './world.ts'

/** Calls of libc, as Python makes its own again when a signal interrupts them. What fails although it took less than `PATIENCE` seconds is a failure. */
const program = `
import ctypes, os, signal, time
libc = ctypes.CDLL(None, use_errno=True)
PATIENCE = 0.9
signals = 0
def came(*_):
    global signals
    signals += 1
signal.signal(signal.SIGALRM, came)
signal.siginterrupt(signal.SIGALRM, False)
room = ctypes.create_string_buffer(4096)
def call(name, *words):
    began = time.monotonic()
    result = getattr(libc, name)(*words)
    error = ctypes.get_errno()
    assert result >= 0 or error != 4 or time.monotonic() - began > PATIENCE, name
    return result
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
for i in range(300):
    path = b'f%d' % i
    call('access', path + b'.none', 0)
    file = call('open', path, os.O_RDWR | os.O_CREAT, 0o644)
    if file < 0: continue
    call('write', file, b'x' * 3000, 3000)
    call('fgetxattr', file, b'user.x', room, 4096)
    call('pread', file, room, 4096, 0)
    call('close', file)
    call('readlink', path, room, 4096)
    if i % 3 == 0: call('unlink', path)
signal.setitimer(signal.ITIMER_REAL, 0)
assert signals > 20, signals
`

test('a program with a timer, as git when it shows progress, has no call fail for that', async (context) => {
  const { folder } = await mountWorld(context)
  const work = join(folder, 'work')
  await mkdir(work)
  await runIn(work, 'python3', ['-c', program])
})
