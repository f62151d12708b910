import { assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { askKernel } from "../../lib/explain/kernel.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { test } from "../abilities.ts";

const LAYER = "[formats.windows]\nmagic = 'MZ'\n[formats.dotnet]\nmagic = 'MZ'\nclr = true\n";
/** $0: where binfmt_misc stands, $1: the entry, then a command. */
const REGISTER =
  'mount -t binfmt_misc none "$0" && printf %s "$1" > "$0"/register && shift && exec "$@"';
const FOLDER = "/proc/sys/fs/binfmt_misc";

function ask(name: string, entries: readonly string[], magic = 0, unreadable = false) {
  const files = Object.fromEntries(entries.map((entry) => [`${FOLDER}/${entry}`, ""]));
  const folder = unreadable ? { [FOLDER]: { kind: "folder", unreadable } as const } : {};
  const environment = new FakeEnvironment({
    files: { "/etc/binfmt-dispatcher.toml": LAYER, ...files, ...folder },
  });
  const machine = MACHINES.find((machine) => machine.name === name);
  const magics = machine?.magics[magic] ?? { magic: new Uint8Array(), mask: new Uint8Array() };
  const kind = { ...magics, extension: undefined, offset: 0, probe: 0, target: 0, clr_target: 0 };
  const linkage = machine === undefined ? undefined : "static";
  const { config } = loadConfig(environment, { user: false });
  return askKernel(environment, config, { name, linkage, kind });
}

Deno.test("askKernel() finds our entry among others, by the program's own magic", () => {
  const there = ["register", "status", "binfmt-dispatcher-x86", "qemu-i386"];
  assertEquals(ask("i386", there), {
    native: false,
    binfmt_misc: true,
    entry: "binfmt-dispatcher-x86",
    registered: true,
    others: ["qemu-i386"],
  });
  const i486 = ask("i386", there, 1);
  assertEquals([i486.entry, i486.registered], ["binfmt-dispatcher-i486", false]);
});

Deno.test("askKernel() knows formats, which may share an entry, and host's programs", () => {
  assertEquals(ask("dotnet", ["status"]).entry, "binfmt-dispatcher-windows");
  assertEquals(ask("windows", ["status"]).native, false);
  assertEquals(ask("aarch64", ["status"]).native, true);
});

Deno.test("askKernel() says where binfmt_misc is not mounted, nothing where it cannot see", () => {
  assertEquals(ask("x86_64", []).binfmt_misc, false);
  assertEquals(ask("x86_64", ["status"], 0, true).binfmt_misc, undefined);
});

test({
  name: "askKernel() lists the real binfmt_misc with no more permissions than the program has",
  needs: ["binfmt_misc"],
  fn: async () => {
    const script = `
      import { RealEnvironment } from "${new URL(
      "../../lib/real_environment.ts",
      import.meta.url,
    )}";
      import { askKernel } from "${new URL("../../lib/explain/kernel.ts", import.meta.url)}";
      const kind = { magic: new Uint8Array() };
      const asked = { name: "jar", linkage: undefined, kind };
      const config = { formats: new Map([["jar", { extension: "jar" }]]) };
      const kernel = askKernel(new RealEnvironment(""), config, asked);
      let shown = true;
      try {
        Deno.readDirSync("${FOLDER}").next();
      } catch (error) {
        shown = !(error instanceof Deno.errors.NotCapable);
      }
      console.log(JSON.stringify({ kernel, shown }));`;
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/ask.ts`, script);
      const config = new URL("../../deno.json", import.meta.url).pathname;
      const options = ["--quiet", "--no-check", "--allow-read", "--no-prompt", "--config", config];
      const line = ":binfmt-dispatcher-jar:E::jar::/bin/true:";
      const { stdout, stderr } = await new Deno.Command("unshare", {
        args: [
          ...["-Urm", "sh", "-c", REGISTER, FOLDER, line],
          ...[Deno.execPath(), "run", ...options, `${folder}/ask.ts`],
        ],
      }).output();
      const text = new TextDecoder();
      const entry = "binfmt-dispatcher-jar";
      const seen = { native: false, entry, registered: true, others: [], binfmt_misc: true };
      // Deno 2.9 shows nothing of /proc without all permissions; then nothing is said of it.
      const unseen = { native: false, entry, registered: false, others: [] };
      const { kernel, shown } = JSON.parse(text.decode(stdout) || "{}");
      assertEquals(kernel, shown ? seen : unseen, text.decode(stderr));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
