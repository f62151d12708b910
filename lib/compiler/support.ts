import type { Procedure } from "../native/language.ts";
import { Label, type Program } from "../native/program.ts";

/** Copies n bytes; they may overlap. */
export function copyBytes(p: Program, name: string): Procedure {
  const [to, from, n, byte, place] = ["to", "from", "n", "byte", "place"].map((each) =>
    p.variable(`${name}.${each}`)
  ) as [Var, Var, Var, Var, Var];
  return p.procedure(name, [to, from, n], () => {
    const backwards = new Label();
    // to − from, unsigned, is below n only if `to` is inside the source.
    p.do(place, to, "-", from);
    p.branchIf(place, "<", n, backwards);
    for (const size of [8, 1] as const) {
      const again = new Label(), end = new Label();
      p.mark(again);
      p.branchUnless(n, ">=", size, end);
      p.read(byte, size, from);
      p.write(size, to, byte);
      p.do(to, to, "+", size);
      p.do(from, from, "+", size);
      p.do(n, n, "-", size);
      p.jump(again);
      p.mark(end);
    }
    p.return();
    p.mark(backwards);
    const again = new Label(), end = new Label();
    p.mark(again);
    p.branchUnless(n, "!=", 0, end);
    p.do(n, n, "-", 1);
    p.do(place, from, "+", n);
    p.read(byte, 1, place);
    p.do(place, to, "+", n);
    p.write(1, place, byte);
    p.jump(again);
    p.mark(end);
  });
}

type Var = Procedure["parameters"][number];
