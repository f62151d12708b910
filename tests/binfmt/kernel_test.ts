import { assert, assertEquals } from "@std/assert";
import type { Entry } from "../../lib/binfmt/line.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { test } from "../abilities.ts";
import { lineOf } from "../real/foreign.ts";

/**
 * Registers each line of stdin in a binfmt_misc of its own and prints every entry. Uses only the
 * shell's builtins: once the host's own machine has an entry, no other program starts.
 */
const REGISTER = `
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && cd /proc/sys/fs/binfmt_misc || exit 9
while IFS= read -r line; do printf %s "$line" > register || echo "refused: $line"; done
for entry in binfmt-dispatcher-*; do
  echo "entry $entry"
  while IFS= read -r line; do echo "$line"; done < "$entry"
done
`;

async function register(lines: readonly string[]): Promise<string> {
  const args = ["-Urm", "sh", "-c", REGISTER];
  const child = new Deno.Command("unshare", {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const text = new TextDecoder();
  assertEquals(text.decode(stderr), "");
  return text.decode(stdout);
}

const INTERPRETER = "/usr/bin/true"; // must exist: with flag F the kernel opens it at once

const line = (entry: Entry, flags: string) => lineOf(entry, INTERPRETER, flags);

test({
  name: "the kernel accepts the lines of all machines and reads them correctly",
  needs: ["binfmt_misc"],
  fn: async () => {
    const entries = MACHINES.flatMap(machineEntries);
    const printed = await register(entries.map((entry) => line(entry, "POF")));
    for (const { name, telling } of entries) {
      assert("magic" in telling);
      const { magic, mask } = telling;
      // The kernel omits a mask of ones; none of these is one.
      const wanted = `entry ${name}\nenabled\ninterpreter ${INTERPRETER}\nflags: POF\noffset 0\n` +
        `magic ${magic.toHex()}\nmask ${mask.toHex()}\n`;
      assert(printed.includes(wanted), `${name}:\n${printed}`);
    }
    assertEquals(printed.match(/^entry /gm)?.length, entries.length);
    assert(!printed.includes("refused"), printed);
  },
});

test({
  name: "the kernel accepts extensions, offsets and other flags",
  needs: ["binfmt_misc"],
  fn: async () => {
    const name = (end: string) => `binfmt-dispatcher-${end}`;
    const magic = Uint8Array.from([0x3a, 0x0a, 0]); // a colon, a newline and a NUL
    const mask = Uint8Array.from([0xff, 0xff, 0xfe]);
    const printed = await register([
      line({ name: name("jar"), telling: { extension: "jar" } }, "P"),
      line({ name: name("at"), telling: { magic, mask, offset: 253 } }, "PO"),
    ]);
    assertEquals(
      printed,
      `entry ${name("at")}\nenabled\ninterpreter ${INTERPRETER}\nflags: PO\noffset 253\n` +
        `magic 3a0a00\nmask fffffe\n` +
        `entry ${name("jar")}\nenabled\ninterpreter ${INTERPRETER}\nflags: P\nextension .jar\n`,
    );
  },
});
