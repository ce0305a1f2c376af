// Starts worker.ts from its sources (tests, tsx). What ships is a bundle and needs none of this.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
