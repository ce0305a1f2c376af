import { manual } from './manual.ts'

process.stdout.write(manual())
