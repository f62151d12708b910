/**
 * Set-ups in which a program does not start, or not as it should: what doctor or explain says of
 * each. The kernel, the handler, the compiled program and qemu are the real ones.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { BROKEN, PROGRAM } from "./broken.ts";
import { NEEDS } from "../real/foreign.ts";

interface Said {
  readonly checks: readonly {
    readonly id: string;
    readonly findings: readonly {
      readonly state: string;
      readonly seen: string;
      readonly details: readonly string[];
      readonly commands: readonly string[];
    }[];
  }[];
}

/** Separates parts of the output; no program here prints it. */
const END = "\x1e";

for (const [name, broken] of Object.entries(BROKEN)) {
  const { before = "true", check, finds, starts = false, mends = false, program = PROGRAM } =
    broken;
  const command = broken.doctor ?? "binfmt-dispatcher";
  test({
    name: `${check === "explain" ? "explain" : `doctor (${check})`} finds: ${name}`,
    needs: [...NEEDS, "binfmt_misc", ...broken.needs ?? []],
    fn: async () => {
      using world = await broken.world();
      // env, since shells run what the kernel rejects as a script.
      const run = `timeout 20 env ${program} >/dev/null 2>&1 </dev/null; printf '%s${END}' "$?"`;
      const ask = check === "explain"
        ? `${command} explain ${program}`
        : `${command} doctor --json ${check}`;
      const first = await world.run(["sh", "-c", `${before}\n${run}\n${ask}`], broken.options);
      const [status = "", said = ""] = first.stdout.split(END);
      assertEquals(Number(status) === 0, starts, `${status} ${first.stderr}`);
      if (check === "explain") return assert(finds.test(said), said + first.stderr);
      const findings = (JSON.parse(said) as Said).checks[0]!.findings;
      const found = findings.find(({ seen, details }) => finds.test([seen, ...details].join("\n")));
      assert(found !== undefined, said);
      assertEquals(
        [found.state, first.status],
        [broken.state ?? "bad", broken.state ? 0 : 1],
        said,
      );
      assert(found.commands.length > 0, `nothing mends it: ${said}`);
      if (!mends) return;
      const mend = found.commands.join("\n");
      const again = await world.run(["sh", "-c", `${before}\n${mend}\n${run}`], broken.options);
      assertEquals(again.stdout, `0${END}`, `${mend} ${again.stderr}`);
    },
  });
}

Deno.test("there are thirty set-ups in which the program does not start", () => {
  const all = Object.values(BROKEN).filter(({ starts }) => starts !== true);
  assert(all.length >= 30, `${all.length}`);
});
