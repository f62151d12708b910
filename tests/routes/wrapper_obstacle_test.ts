import { assertEquals } from "@std/assert";
import { wrapperObstacle } from "../../lib/routes/wrapper_obstacle.ts";
import { WRAPPER_WORDS } from "../../lib/routes/wrapper_words.ts";
import { bytes, smallFacts } from "./small_facts.ts";

const env = ["XDG_RUNTIME_DIR=/run/user/1000"];
const STRAY = Uint8Array.of(0x2f, 0xff);

Deno.test("wrapperObstacle() is none for a user with a session", () => {
  assertEquals(wrapperObstacle(smallFacts({ env, args: [bytes("é")] })), undefined);
});

Deno.test("wrapperObstacle() names the first of what muvm does not bear", () => {
  const stray = { argv0: STRAY };
  assertEquals(wrapperObstacle(smallFacts({ euid: 0, ...stray })), WRAPPER_WORDS.root);
  assertEquals(wrapperObstacle(smallFacts(stray)), WRAPPER_WORDS.runtime);
  assertEquals(wrapperObstacle(smallFacts({ env, ...stray })), WRAPPER_WORDS.utf8);
});

Deno.test("wrapperObstacle() takes an absolute path alone, and none when privileged", () => {
  for (const value of ["", "run", "~/run"]) {
    const facts = smallFacts({ env: [`XDG_RUNTIME_DIR=${value}`] });
    assertEquals(wrapperObstacle(facts), WRAPPER_WORDS.runtime, value);
  }
  assertEquals(wrapperObstacle(smallFacts({ env, secure: true })), WRAPPER_WORDS.runtime);
});

Deno.test("wrapperObstacle() looks at the program, argv[0], each argument and the folder", () => {
  for (
    const stray of [
      { program: STRAY },
      { argv0: STRAY },
      { args: [bytes("x"), STRAY] },
      { cwd: STRAY },
    ]
  ) {
    assertEquals(wrapperObstacle(smallFacts({ env, ...stray })), WRAPPER_WORDS.utf8);
  }
  assertEquals(wrapperObstacle(smallFacts({ env: [...env, "A=\xff"] })), undefined);
  assertEquals(wrapperObstacle(smallFacts({ env, canonical: STRAY })), undefined);
});
