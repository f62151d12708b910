// Shows docs/security.md#a-local-user-against-root-or-another-user
/**
 * Three people start programs while layers, interpreters and tables change, and while a hostile
 * user keeps changing their own files. `./dev soak` does this for longer.
 */
import { assert } from "@std/assert";
import { test } from "../abilities.ts";
import { NEEDS_PEOPLE } from "../security/people.ts";
import { runLoad } from "./load.ts";

const needs = [...NEEDS_PEOPLE, "gcc"] as const;

test({
  name: "each of 2,000 starts while everything changes is right, or says why not",
  needs,
  fn: async () => {
    const { changes } = await runLoad({ starts: 2000, seconds: 60, seed: 1, hostile: false });
    assert(changes! > 0);
  },
});

test({
  name: "despite a hostile user root gets root's interpreter, even with that user's HOME",
  needs,
  fn: async () => {
    const { exchanges } = await runLoad({ starts: 0, seconds: 10, seed: 2, hostile: true });
    assert(exchanges! > 0);
  },
});
