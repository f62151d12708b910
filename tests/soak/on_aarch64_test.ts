import { assert, assertEquals } from "@std/assert";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";
import { KINDS } from "./kinds.ts";
import { FaultMachine } from "./on_aarch64.ts";

/** Tries one fault in this many: each takes the machine about a second. */
const ONE_IN = 20;

test({
  name: "on aarch64 a start is right, or says why not, if a system call fails or kills it",
  needs: ["qemu-system-aarch64", "apt", "pip"],
  fn: () =>
    inTemporaryDirectory(async (directory) => {
      await using machine = await FaultMachine.boot(directory);
      const { calls, verdicts, problems } = await machine.sweep(KINDS[0]!, ONE_IN);
      assertEquals(problems, []);
      assert(calls >= 12 && verdicts.right > 0 && verdicts.words > 0);
    }),
});
