/** The *_real_test.ts files have the managers' real messages. */
import { assert, assertEquals } from "@std/assert";
import type { ManagerName } from "../../../lib/install/managers/manager.ts";
import { MANAGERS } from "../../../lib/install/managers/managers.ts";
import { trouble } from "../../../lib/install/managers/trouble.ts";

const NAMES = Object.keys(MANAGERS) as ManagerName[];

Deno.test("trouble() names the manager and its exit status if it recognises nothing", () => {
  for (const name of NAMES) {
    assertEquals(trouble(name, "error: the moon is full\n", 100), {
      kind: "other",
      why: `${name} exited with status 100`,
      hint: `See the last lines of the output of ${name}.`,
    });
  }
});

Deno.test("trouble() says what to do next, and makes control characters visible", () => {
  assertEquals(trouble("dnf", "No match for argument: fex-emu\n", 1), {
    kind: "not found",
    why: "there is no package “fex-emu”",
    hint: "Run “dnf makecache --refresh” as root, then try again, " +
      "or enable a repository that has it.",
  });
  const forged = "needs 5MB more space on the /\x1b[2J filesystem";
  assertEquals(trouble("dnf", forged, 1).why, "there is not enough space in /\\u001b[2J");
});

Deno.test("trouble() looks at the end of even a long output", () => {
  const noise = "Get:1 http://x  (404\n".repeat(200_000);
  for (const name of NAMES) {
    assertEquals(trouble(name, noise, 1).kind, "other");
    const { kind, why, hint } = trouble(name, `${noise}No space left on device`, 1);
    assertEquals(kind, "disk full");
    assert(!/[.!]$/.test(why) && /^[A-Z].*\.$/.test(hint), `${why}: ${hint}`);
  }
});
