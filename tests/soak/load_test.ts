// Shows docs/security.md#a-local-user-against-root-or-another-user
/**
 * Three people start programs while layers, interpreters and tables change, and while somebody
 * hostile exchanges all that is theirs: `./dev soak` does it for longer.
 */
import { assert } from "@std/assert";
import { test } from "../abilities.ts";
import { NEEDS_PEOPLE } from "../security/people.ts";
import { runLoad } from "./load.ts";

const needs = [...NEEDS_PEOPLE, "gcc"] as const;

test({
  name: "2,000 starts while all changes beneath them: each is the right one, or says why not",
  needs,
  fn: async () => {
    const { changes } = await runLoad({ starts: 2000, seconds: 60, seed: 1, hostile: false });
    assert(changes! > 0);
  },
});

test({
  name: "beside somebody hostile root's interpreter is root's, also with the other's HOME",
  needs,
  fn: async () => {
    const { exchanges } = await runLoad({ starts: 0, seconds: 10, seed: 2, hostile: true });
    assert(exchanges! > 0);
  },
});
