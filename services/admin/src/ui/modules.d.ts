declare module '*.css'

/** The address of a worker that is built by itself. */
declare module '*?worker&url' {
  const url: string
  export default url
}

interface ImportMeta {
  /** Set by the build. */
  readonly env: { readonly PROD: boolean }
}
