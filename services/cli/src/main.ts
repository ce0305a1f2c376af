import { allCommands } from './commands.ts'
import { OUTPUT_CLOSED } from './exit-codes.ts'
import { mountFolder, unmountFolder } from './mount-folder.ts'
import { becomeNode, connectToNode, startNode } from './node-process.ts'
import { runHolt } from './run.ts'
import { processTerminal } from './terminal.ts'

const interrupt = new AbortController()

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? OUTPUT_CLOSED : 1))

/** The first Ctrl-C ends the call in good order, the second does not wait for that. */
function onInterrupt(): void {
  if (interrupt.signal.aborted) process.exit(130)
  interrupt.abort()
}

process.on('SIGINT', onInterrupt)
process.on('SIGTERM', onInterrupt)

const exitCode = await runHolt(process.argv.slice(2), {
  terminal: processTerminal(),
  commands: allCommands,
  connect: connectToNode,
  startNode,
  folders: { mount: mountFolder, unmount: unmountFolder },
  becomeNode: (daemonArguments) => {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
    return becomeNode(daemonArguments)
  },
  interrupted: interrupt.signal,
})
process.exitCode = exitCode
process.stdin.unref?.()
