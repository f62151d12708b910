/**
 * What doctor or explain finds if a program does not start, or not as it should. The kernel, the
 * handler, the compiled program and qemu are real.
 */
import { assert, assertEquals } from "@std/assert";
import type { Result } from "../../lib/doctor/check.ts";
import { test } from "../abilities.ts";
import { BROKEN, PROGRAM } from "./broken.ts";
import { NEEDS_KERNEL } from "../real/foreign.ts";

/** Separates parts of the output; no program here prints it. */
const END = "\x1e";

for (const [name, broken] of Object.entries(BROKEN)) {
  const { before = "true", check, finds, starts = false, mends = false, program = PROGRAM } =
    broken;
  const command = broken.doctor ?? "binfmt-dispatcher";
  test({
    name: `${check === "explain" ? "explain" : `doctor (${check})`} finds: ${name}`,
    needs: [...NEEDS_KERNEL, ...broken.needs ?? []],
    fn: async () => {
      using world = await broken.world();
      // By env, because a shell runs what the kernel rejects as a script.
      const run = `timeout 20 env ${program} >/dev/null 2>&1 </dev/null; printf '%s${END}' "$?"`;
      const ask = check === "explain"
        ? `${command} explain ${program}`
        : `${command} doctor --json ${check}`;
      const first = await world.run(["sh", "-c", `${before}\n${run}\n${ask}`], broken.options);
      const [status = "", answer = ""] = first.stdout.split(END);
      assertEquals(Number(status) === 0, starts, `${status} ${first.stderr}`);
      if (check === "explain") return assert(finds.test(answer), answer + first.stderr);
      const [{ findings }] = JSON.parse(answer).checks as [Result];
      const found = findings.find(({ seen, details = [] }) =>
        finds.test([seen, ...details].join("\n"))
      );
      assert(found !== undefined, answer);
      assertEquals(
        [found.state, first.status],
        [broken.state ?? "bad", broken.state ? 0 : 1],
        answer,
      );
      const { commands = [] } = found;
      assert(commands.length > 0, `no command mends it: ${answer}`);
      if (!mends) return;
      const script = [before, ...commands, run].join("\n");
      const again = await world.run(["sh", "-c", script], broken.options);
      assertEquals(again.stdout, `0${END}`, `${script} ${again.stderr}`);
    },
  });
}
