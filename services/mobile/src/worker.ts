import './runtime/polyfills.ts'
import '@holt/platform-nodejs/worker.ts'
