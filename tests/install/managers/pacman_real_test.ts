/** The real pacman with a test repository: PACMAN's queries, and trouble() for its messages. */
import { assert, assertEquals } from "@std/assert";
import { PACMAN } from "../../../lib/install/managers/pacman.ts";
import { test } from "../../abilities.ts";
import { mirror, pacmanRepository } from "./repositories.ts";
import { Sandbox } from "./sandbox.ts";

const PROGRAM = "/usr/bin/pacman";
const NEEDS = ["pacman", "overlays"] as const;

class Machine extends Sandbox {
  constructor() {
    super(PACMAN, PROGRAM);
  }

  readonly repository = pacmanRepository(this.directory, [
    { name: "FEX-Emu", size: 5000 },
    { name: "large", size: 300_000 },
    { name: "lonely", size: 10, fields: "nothing-has-this" },
  ]);

  static async with(): Promise<Machine> {
    const machine = new Machine();
    await machine.source();
    for (const kind of ["-Sy", "-Fy"]) {
      const { status, output } = await machine.run({ path: PROGRAM, args: [kind] });
      assertEquals(status, 0, output);
    }
    return machine;
  }

  source(url = `file://${this.repository}`, level = "Never"): void {
    const options = `[options]\nArchitecture=auto\nSigLevel=${level}\nCheckSpace\n`;
    this.write("/etc/pacman.conf", `${options}[test]\nServer=${url}\n`);
  }
}

test({
  name: "pacman reports packages, sizes and files, and installs, also a second time",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    const names = ["FEX-Emu", "nothing", "large"];
    const { status, stdout, output } = await machine.run(PACMAN.queries(PROGRAM, names)[0]!);
    assert(PACMAN.answers.includes(status), output);
    const sizes = PACMAN.parseQuery(stdout, names);
    assertEquals([...sizes.keys()], ["FEX-Emu", "large"]);
    for (const [name, size] of sizes) {
      const bytes = Deno.statSync(`${machine.repository}/${name}-1.0-1-any.pkg.tar.gz`).size;
      assert(Math.abs(size! - bytes) < bytes / 100, `${name}: ${size}, not ${bytes}`);
    }
    const files = await machine.run(PACMAN.fileQueries(PROGRAM, "/usr/share/FEX-Emu/data")[0]!);
    assertEquals(PACMAN.parseFileQuery(files.stdout), ["FEX-Emu"]);
    for (let times = 0; times < 2; times++) {
      const done = await machine.install("FEX-Emu");
      assert(PACMAN.successes.includes(done.status), done.output);
      assert(machine.has("/usr/share/FEX-Emu/data"), done.output);
    }
  },
});

test({
  name: "pacman's messages are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    assertEquals(await machine.kind("nothing"), "not found");
    assertEquals(await machine.kind("lonely"), "conflict");
    const locked = ": > /var/lib/pacman/db.lck";
    assertEquals(await machine.kind("FEX-Emu", locked), "locked");
    Deno.removeSync(`${machine.directory}/upper/var/lib/pacman/db.lck`);
    const cache = "/var/cache/pacman/pkg";
    const full = `mkdir -p ${cache}; mount -t tmpfs -o size=64k none ${cache}`;
    assertEquals(await machine.kind("large", full), "disk full");
    const bound = "mount --bind /var/lib/pacman /var/lib/pacman";
    const read_only = `${bound}; mount -o remount,bind,ro /var/lib/pacman`;
    assertEquals(await machine.kind("FEX-Emu", read_only), "read-only");
    machine.source(undefined, "Required");
    assertEquals(await machine.kind("FEX-Emu"), "signature");
    machine.source("http://127.0.0.1:1");
    assertEquals(await machine.kind("FEX-Emu"), "no network");
    machine.source();
    Deno.removeSync(`${machine.repository}/FEX-Emu-1.0-1-any.pkg.tar.gz`);
    assertEquals(await machine.kind("FEX-Emu"), "outdated lists");
    const server = mirror(machine.repository, /\.pkg\.tar\.gz$/);
    machine.source(`http://127.0.0.1:${server.addr.port}`);
    assertEquals(await machine.kind("FEX-Emu"), "outdated lists");
    await server.shutdown();
  },
});

test({
  name: "pacman answers a user",
  needs: [...NEEDS, "root"],
  fn: async () => {
    using machine = await Machine.with();
    const line = PACMAN.queries(PROGRAM, ["FEX-Emu"])[0]!;
    const { status, stdout, output } = await machine.run(line, { user: true });
    assert(PACMAN.answers.includes(status), output);
    assertEquals(PACMAN.parseQuery(stdout, ["FEX-Emu"]).size, 1, output);
  },
});
