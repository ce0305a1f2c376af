import { join } from 'node:path'

export const repositoryRoot = join(import.meta.dirname, '../..')
/** What `npm test mobile` has built. */
export const bundleFolder = join(repositoryRoot, 'build/mobile/bundle')

/** Something that runs a script as the Node of phones. */
export interface Runtime {
  name: string
  command: string
  args: readonly string[]
  env: Record<string, string>
}

type Android = { androidNode(abi: string): Omit<Runtime, 'name'> }
type Stock = { runtimes(): { version: string; node: string }[]; fetchNode(version: string): string }

const script = async (name: string): Promise<unknown> => await import(new URL(`../../scripts/${name}`, import.meta.url).href)

/** The Node that phones have, from npm, with ICU and glibc: what it has too much the other one shows. */
export async function stockNode(): Promise<Runtime> {
  const { fetchNode } = (await script('runtimes.mjs')) as Stock
  return { name: 'stock Node 18.20.4', command: fetchNode('18.20.4'), args: [], env: {} }
}

/** The very libnode.so that is in the app. */
export async function androidNode(abi: 'x86_64' | 'arm64-v8a'): Promise<Runtime> {
  const { androidNode } = (await script('mobile/android-node.mjs')) as Android
  return { name: `Android's libnode.so for ${abi}`, ...androidNode(abi) }
}
