import { openThreadSandbox } from '@holt/platform-nodejs/sandbox/open-thread-sandbox.ts'
import { sandboxCases } from './testing/sandbox-cases.ts'

sandboxCases('threads', () => openThreadSandbox({ spareThreads: 1 }))
