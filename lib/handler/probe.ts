import type { Variable } from "../native/program.ts";
import { PROBE, WHEN } from "../routes/format.ts";
import { defineFindClr } from "./clr.ts";
import { defineInFile } from "./in_file.ts";
import { defineReadLoader } from "./loader.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

/** Looks into the program: is it dynamically linked, by which loader; is it a .NET program. */
export function defineProbes(s: State, m: Messages) {
  const { code } = s;
  const inFile = defineInFile(s);
  const readLoader = defineReadLoader(s, m, inFile);
  const clr = code.variable("clr");
  const findClr = defineFindClr(s, inFile, clr);
  return {
    /** Does the probe; `onClr` where it finds a .NET program. */
    probe: (which: Variable, onClr: () => void) => {
      code.write(1, s.loader, 0);
      code.set(s.facts, WHEN.STATIC);
      code.if(which, "==", PROBE.PT_INTERP, () => {
        code.call(readLoader);
        const first = code.variable("loader_first");
        code.read(first, 1, s.loader);
        code.if(first, "!=", 0, () => code.set(s.facts, WHEN.DYNAMIC));
      });
      code.if(which, "==", PROBE.CLR, () => {
        code.call(findClr);
        code.if(clr, "==", 1, onClr);
      });
    },
  };
}

export type Probes = ReturnType<typeof defineProbes>;
