/** zypper with a test repository: what ZYPPER knows of it, and what trouble() makes of it. */
import { assert, assertEquals } from "@std/assert";
import { trouble } from "../../../lib/install/managers/trouble.ts";
import { ZYPPER } from "../../../lib/install/managers/zypper.ts";
import { test } from "../../abilities.ts";
import { mirror, rpmRepository } from "./repositories.ts";
import { type Done, Sandbox } from "./sandbox.ts";

const PROGRAM = "/usr/bin/zypper";
const NEEDS = ["zypper", "dnf", "overlays"] as const;

class Machine extends Sandbox {
  readonly repository = rpmRepository(this.directory, [
    { name: "fex-emu", size: 5000, fields: "Provides: emulator" },
    { name: "lonely", size: 10, fields: "Requires: nothing-has-this" },
  ]);

  static async with(): Promise<Machine> {
    const machine = new Machine();
    machine.source();
    const refresh = ["--non-interactive", "refresh"];
    const { status, output } = await machine.run({ path: PROGRAM, args: refresh });
    assertEquals(status, 0, output);
    return machine;
  }

  source(url = `file://${this.repository}`, ...lines: string[]): void {
    const text = ["[test]", "name=test", "enabled=1", "gpgcheck=0", ...lines, `baseurl=${url}`, ""];
    this.write("/etc/zypp/repos.d/test.repo", text.join("\n"));
  }

  install(name: string, before = ""): Promise<Done> {
    return this.run(ZYPPER.install(PROGRAM, [name]), { before });
  }

  async kind(done: Promise<Done>): Promise<string> {
    const { status, output } = await done;
    assert(!ZYPPER.successes.includes(status), output);
    return trouble("zypper", output, status).kind;
  }
}

test({
  name: "zypper reports packages by their exact names, and installs, and again",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    for (const [names, found] of [[["fex-emu", "FEX-Emu", "fex"], 1], [["emulator"], 0]] as const) {
      const { status, stdout, output } = await machine.run(ZYPPER.queries(PROGRAM, names)[0]!);
      assert(ZYPPER.answers.includes(status), output);
      assertEquals([...ZYPPER.parseQuery(stdout, names).keys()], names.slice(0, found));
    }
    for (let times = 0; times < 2; times++) {
      const { status, output } = await machine.install("fex-emu");
      assert(ZYPPER.successes.includes(status), output);
      assert(machine.has("/usr/share/fex-emu/data"), output);
    }
  },
});

test({
  name: "zypper's troubles are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    assertEquals(await machine.kind(machine.install("nothing")), "not found");
    assertEquals(await machine.kind(machine.install("emulator")), "not found");
    assertEquals(await machine.kind(machine.install("lonely")), "conflict");
    const locked = 'sleep 60 & held=$!; echo "$held" > /run/zypp.pid';
    assertEquals(await machine.kind(machine.install("fex-emu", locked)), "locked");
    machine.source("http://127.0.0.1:1/");
    assertEquals(await machine.kind(machine.install("fex-emu")), "no network");
    // Without what is stored, it goes on as if there were no repository.
    machine.source(undefined, "gpgcheck=1");
    const anew = "rm -rf /var/cache/zypp";
    assertEquals(await machine.kind(machine.install("fex-emu", anew)), "signature");
    machine.source(`file://${machine.directory}/none`);
    assertEquals(await machine.kind(machine.install("fex-emu", anew)), "no network");
    machine.source();
    // rpm's words, as dnf_real_test.ts has them of a read-only system, too.
    const read_only = "mount --bind /usr /usr; mount -o remount,bind,ro /usr";
    assertEquals(await machine.kind(machine.install("fex-emu", read_only)), "no room");
    const server = mirror(machine.repository, /\.rpm$/);
    machine.source(`http://127.0.0.1:${server.addr.port}`);
    assertEquals(await machine.kind(machine.install("fex-emu", anew)), "outdated lists");
    await server.shutdown();
  },
});

test({
  name: "zypper answers a user",
  needs: [...NEEDS, "root"],
  fn: async () => {
    using machine = await Machine.with();
    const line = ZYPPER.queries(PROGRAM, ["fex-emu"])[0]!;
    const { status, stdout, output } = await machine.run(line, { user: true });
    assert(ZYPPER.answers.includes(status), output);
    assertEquals(ZYPPER.parseQuery(stdout, ["fex-emu"]).size, 1, output);
  },
});
