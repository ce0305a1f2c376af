import { multiply } from './field.ts'

/** A value that a coding program computes for every column. Operands come before what is made of them. */
export type CodingNode = { readonly id: number } & (
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'sum'; readonly a: CodingNode; readonly b: CodingNode }
  | { readonly kind: 'product'; readonly coefficient: number; readonly a: CodingNode }
)
type NodeContent = CodingNode extends infer Node ? (Node extends CodingNode ? Omit<Node, 'id'> : never) : never

/** A node, or null for the value that is zero in every column. */
export type CodingValue = CodingNode | null

/** Sums and products of columns over GF(2^8), each made once, simplified where that is plain to see. */
export class CodingGraph {
  readonly #nodes = new Map<string, CodingNode>()

  input(index: number): CodingNode {
    return this.#node(`input ${index}`, { kind: 'input', index })
  }

  sum(a: CodingValue, b: CodingValue): CodingValue {
    if (a === null) return b
    if (b === null) return a
    if (a === b) return null
    if (a.kind === 'product' && b.kind === 'product' && a.a === b.a) return this.product(a.coefficient ^ b.coefficient, a.a)
    if (a.kind === 'sum' && (a.a === b || a.b === b)) return a.a === b ? a.b : a.a
    if (b.kind === 'sum' && (b.a === a || b.b === a)) return b.a === a ? b.b : b.a
    const [first, second] = a.id < b.id ? [a, b] : [b, a]
    return this.#node(`sum ${first.id} ${second.id}`, { kind: 'sum', a: first, b: second })
  }

  product(coefficient: number, a: CodingValue): CodingValue {
    if (coefficient === 0 || a === null) return null
    if (coefficient === 1) return a
    if (a.kind === 'product') return this.product(multiply(coefficient, a.coefficient), a.a)
    return this.#node(`product ${coefficient} ${a.id}`, { kind: 'product', coefficient, a })
  }

  #node(key: string, content: NodeContent): CodingNode {
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    const node: CodingNode = { ...content, id: this.#nodes.size }
    this.#nodes.set(key, node)
    return node
  }
}

/** What `outputs` are made of, operands first; what was made on the way but is not needed is left out. */
export function neededNodes(outputs: readonly CodingNode[]): CodingNode[] {
  const needed = new Set<CodingNode>()
  const waiting = [...outputs]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (needed.has(node)) continue
    needed.add(node)
    if (node.kind !== 'input') waiting.push(node.a)
    if (node.kind === 'sum') waiting.push(node.b)
  }
  return [...needed].sort((a, b) => a.id - b.id)
}
