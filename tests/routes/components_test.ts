import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { findComponents } from "../../lib/routes/components.ts";

const N = 7;
const edges = fc.array(fc.tuple(fc.nat(N - 1), fc.nat(N - 1)), { maxLength: 14 }).map((all) =>
  Map.groupBy(all, ([from]) => from)
).map((groups) => new Map([...groups].map(([from, all]) => [from, all.map(([, to]) => to)])));

function reaches(edges: ReadonlyMap<number, readonly number[]>, from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const node of seen) for (const next of edges.get(node) ?? []) seen.add(next);
  return seen.has(to);
}

Deno.test("findComponents() puts together what can be reached from each other", () => {
  fc.assert(
    fc.property(edges, (edges) => {
      const found = findComponents(edges);
      const nodes = [...new Set([...edges.keys(), ...[...edges.values()].flat()])];
      assertEquals(new Set(found.keys()), new Set(nodes));
      for (const a of nodes) {
        for (const b of nodes) {
          const both = reaches(edges, a, b) && reaches(edges, b, a);
          assertEquals(found.get(a) === found.get(b), both, `${a} ${b}`);
        }
      }
    }),
    { seed: 20261125, numRuns: 2000 },
  );
});

Deno.test("findComponents() walks a long way", () => {
  const ring = new Map(Array.from({ length: 200_000 }, (_, i) => [i, [(i + 1) % 200_000]]));
  assertEquals(new Set(findComponents(ring).values()).size, 1);
});
