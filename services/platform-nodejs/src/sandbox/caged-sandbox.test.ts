import { sandboxCases } from '@holt/sandbox/testing/sandbox-cases.ts'
import { openCagedSandbox } from './caged-sandbox.ts'

sandboxCases('caged', () => openCagedSandbox())
