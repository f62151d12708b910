/** Each difference of a start through the handler is a row of docs/transparency.md. */
import { assert, assertEquals } from "@std/assert";
import { HANDLER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { compileC } from "../compile_c.ts";
import { NEEDS } from "../real/foreign.ts";
import {
  ENTRIES,
  LAUNCHER,
  lineFor,
  PROGRAM,
  WITNESS,
  WITNESS_LAYER,
  worldWithWitness,
} from "./side_by_side.ts";
import { transparencyRows } from "./transparency_rows.ts";

const SEEN = "/run/seen";

/**
 * Starts the program by the interpreter's own entry and by the handler's, with the same flags. Each
 * line of output begins with the way: direct or handler.
 */
const SCRIPT = `
P=${PROGRAM} L=${LAUNCHER}
only() { for entry in ${ENTRIES}/*-P*; do echo 0 > $entry; done; echo 1 > ${ENTRIES}/$1; }
# The maximum size of a start's arguments, in steps of a hundred bytes.
most() {
  local low=0 high=30000 middle
  while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    ($P $(printf '%099d ' $(seq $middle))) > /dev/null 2>&1 && low=$middle || high=$middle
  done
  echo $((low * 100))
}
for way in direct handler; do
  only $way-PO; sleep 0.05; $P > /dev/null || true
  (exec -a name $P one two) | sed "s/^/$way /"
  only $way-P
  ($P <&-) | sed -n "s/^descriptor 0/$way standard input/p"
  echo $way arguments $(most)
  mv ${SEEN} ${SEEN}.away
  (exec $L '' $P name) 2> /dev/null || echo $way failure $?
  mv ${SEEN}.away ${SEEN}
  # Flag O needs a descriptor.
  only $way-PO
  { (ulimit -n 3; exec $P) > /dev/null; } 2> /dev/null || echo $way no descriptor $?
done
`;

/** The values that each way prints, by name. */
async function printed(): Promise<Record<"direct" | "handler", Map<string, string>>> {
  using world = worldWithWitness(WITNESS_LAYER.replaceAll(WITNESS, SEEN));
  await compileC(new URL("seen.c", import.meta.url), world.outside(SEEN));
  for (const flags of ["P", "PO"]) {
    world.register(lineFor(`direct-${flags}`, SEEN, flags));
    world.register(lineFor(`handler-${flags}`, HANDLER, flags));
  }
  const { status, stdout, stderr } = await world.run(["bash", "-c", SCRIPT]);
  assertEquals([status, stderr], [0, ""], stdout);
  const found = { direct: new Map<string, string>(), handler: new Map<string, string>() };
  for (const line of stdout.trimEnd().split("\n")) {
    const [, way, name, value] =
      /^(direct|handler) (standard input|no descriptor|descriptor \d|\S+) (.*)$/.exec(line) ?? [];
    assert(value !== undefined, line);
    found[way as keyof typeof found].set(name!, value);
  }
  return found;
}

test({
  name: "what the interpreter and the caller see differs only as docs/transparency.md says",
  needs: [...NEEDS, "binfmt_misc", "gcc"],
  fn: async () => {
    const { direct, handler } = await printed();
    assertEquals([...handler.keys()], [...direct.keys()]);
    const differing = [...direct.keys()].filter((name) => handler.get(name) !== direct.get(name));
    assertEquals(
      differing.toSorted(),
      transparencyRows().toSorted(),
      JSON.stringify([...direct, ...handler]),
    );
    assert(direct.get("argv")!.includes("[name] [one] [two]"), direct.get("argv"));
  },
});
