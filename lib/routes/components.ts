/**
 * For each node one that stands for its strongly connected component: two nodes of a directed graph
 * have the same where each can be reached from the other. Kosaraju's algorithm, without recursion.
 */
export function findComponents<Node>(
  edges: ReadonlyMap<Node, readonly Node[]>,
): ReadonlyMap<Node, Node> {
  const found = new Map<Node, Node>();
  const backwards = reversed(edges);
  for (const root of finished(edges).reverse()) {
    if (found.has(root)) continue;
    found.set(root, root);
    const left = [root];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      for (const before of backwards.get(node) ?? []) {
        if (found.has(before)) continue;
        found.set(before, root);
        left.push(before);
      }
    }
  }
  return found;
}

function reversed<Node>(edges: ReadonlyMap<Node, readonly Node[]>): Map<Node, Node[]> {
  const backwards = new Map<Node, Node[]>();
  for (const [from, all] of edges) {
    for (const to of all) {
      const known = backwards.get(to);
      if (known === undefined) backwards.set(to, [from]);
      else known.push(from);
    }
  }
  return backwards;
}

/** All nodes, each behind those that are reached from it first. */
function finished<Node>(edges: ReadonlyMap<Node, readonly Node[]>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const enter = (node: Node) => {
    seen.add(node);
    return { node, next: (edges.get(node) ?? []).values() };
  };
  for (const root of edges.keys()) {
    const open = seen.has(root) ? [] : [enter(root)];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { value, done } = top.next.next();
      if (done) order.push(open.pop()!.node);
      else if (!seen.has(value)) open.push(enter(value));
    }
  }
  return order;
}
