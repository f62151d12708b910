/** The Debian packages that the shipped configuration names. */
import { assert, assertEquals } from "@std/assert";
import { MACHINES } from "../../lib/elf/machines.ts";
import { HOSTS, shippedConfig } from "../../tasks/shipped_config.ts";
import { load } from "../config/load_config.ts";
import { test } from "../abilities.ts";

/** Packages that this machine's Debian may lack. */
const ELSEWHERE = new Map([["box64", "arm64 has it from Debian 13 on"]]);

function exists(name: string): boolean {
  const { success, stdout } = new Deno.Command("apt-cache", {
    args: ["--quiet", "show", "--no-all-versions", name],
    stderr: "null",
  }).outputSync();
  return success && stdout.length > 0;
}

test({
  name: "Debian has the packages that the shipped configuration names for apt",
  needs: ["apt"],
  async fn() {
    const named = new Set<string>();
    for (const host of HOSTS) {
      const { interpreters, muvm } = load(await shippedConfig(host)).config;
      for (const { packages } of [...interpreters.values(), muvm]) {
        for (const name of packages["apt"] ?? []) named.add(name);
      }
    }
    assert(named.size > 0);
    const required = [...named].filter((name) => !name.endsWith("?") && !name.includes("{"));
    const missing = required.filter((name) => !ELSEWHERE.has(name) && !exists(name));
    assertEquals(missing, []);
    // A package with {debian} must exist for at least one machine.
    for (const name of named) {
      if (!name.includes("{debian}")) continue;
      const filled = MACHINES.flatMap(({ debian }) => debian === undefined ? [] : [debian])
        .map((debian) => name.replace("{debian}", debian).replace(/\?$/, ""));
      assert(filled.some(exists), name);
    }
  },
});
