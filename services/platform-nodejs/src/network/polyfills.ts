/** libp2p expects what Node 20 lacks; to be imported before it. */
interface Resolvers {
  promise: Promise<unknown>
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

const constructor = Promise as unknown as { withResolvers?: () => Resolvers }

constructor.withResolvers ??= function withResolvers(): Resolvers {
  let resolve: Resolvers['resolve'] = () => {}
  let reject: Resolvers['reject'] = () => {}
  const promise = new Promise((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
