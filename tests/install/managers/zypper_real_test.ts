/** The real zypper with a test repository: ZYPPER's queries, and trouble() for its messages. */
import { assert, assertEquals } from "@std/assert";
import { ZYPPER } from "../../../lib/install/managers/zypper.ts";
import { test } from "../../abilities.ts";
import { mirror, rpmRepository } from "./repositories.ts";
import { Sandbox } from "./sandbox.ts";

const PROGRAM = "/usr/bin/zypper";
const NEEDS = ["zypper", "dnf", "overlays"] as const;

class Machine extends Sandbox {
  constructor() {
    super(ZYPPER, PROGRAM);
  }

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
}

test({
  name: "zypper reports packages by their exact names, and installs, also a second time",
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
  name: "zypper's messages are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    assertEquals(await machine.kind("nothing"), "not found");
    assertEquals(await machine.kind("emulator"), "not found");
    assertEquals(await machine.kind("lonely"), "conflict");
    const locked = 'sleep 60 & held=$!; echo "$held" > /run/zypp.pid';
    assertEquals(await machine.kind("fex-emu", locked), "locked");
    machine.source("http://127.0.0.1:1/");
    assertEquals(await machine.kind("fex-emu"), "no network");
    // With nothing stored, zypper goes on as if there were no repository.
    machine.source(undefined, "gpgcheck=1");
    const anew = "rm -rf /var/cache/zypp";
    assertEquals(await machine.kind("fex-emu", anew), "signature");
    machine.source(`file://${machine.directory}/none`);
    assertEquals(await machine.kind("fex-emu", anew), "no network");
    machine.source();
    // rpm reports a read-only system as a full disk.
    const read_only = "mount --bind /usr /usr; mount -o remount,bind,ro /usr";
    assertEquals(await machine.kind("fex-emu", read_only), "no room");
    const server = mirror(machine.repository, /\.rpm$/);
    machine.source(`http://127.0.0.1:${server.addr.port}`);
    assertEquals(await machine.kind("fex-emu", anew), "outdated lists");
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
