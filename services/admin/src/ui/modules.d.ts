declare module '*.css'

interface ImportMeta {
  /** Set by the build. */
  readonly env: { readonly PROD: boolean }
}
