import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

type Factory = ReturnType<typeof SerializerSelector>
type Serializer = ReturnType<ReturnType<Factory>>

/**
 * Fastify's serializers, each made when its route answers for the first time: to make all of them would be the longest part of a
 * start, and most routes are not asked between two of them.
 */
export const buildSerializers: Factory = (...given) => {
  const compile = SerializerSelector()(...given)
  return (route) => {
    let serialize: Serializer | undefined
    return (data) => (serialize ??= compile(route))(data)
  }
}
