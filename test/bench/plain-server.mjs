// What a server can do that only serves: static files, a stream to a file, a list that is ready. Prints its port.
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { basename, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'

const folder = process.argv[2]
const app = Fastify({ forceCloseConnections: true })
const entry = (i) => ({ name: `photo-${i}.jpg`, type: 'file', sizeBytes: 1000 + i, mode: 420, modified: 1_790_000_000.5 + i })
const list = { entries: Array.from({ length: 1000 }, (_, i) => entry(i)), more: false }
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
await app.register(fastifyStatic, { root: folder, prefix: '/files/' })
app.get('/small', async () => entry(1))
app.get('/list', async () => list)
app.put('/files/:name', async (request, reply) => {
  await pipeline(request.body, createWriteStream(join(folder, basename(request.params.name))))
  return reply.code(201).send(entry(1))
})
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(app.server.address().port)
