/** The real apt with a test repository: APT's queries, and trouble() for its messages. */
import { assert, assertEquals } from "@std/assert";
import { APT } from "../../../lib/install/managers/apt.ts";
import { test } from "../../abilities.ts";
import { debRepository, mirror } from "./repositories.ts";
import { type Done, Sandbox } from "./sandbox.ts";

const PROGRAM = "/usr/bin/apt-get";
const NEEDS = ["dpkg", "overlays"] as const;

/** A sandbox whose apt has one repository. */
class Machine extends Sandbox {
  constructor() {
    super(APT, PROGRAM);
  }

  readonly repository = debRepository(this.directory, [
    { name: "box64", size: 5000, fields: "Provides: emulator\n" },
    { name: "box64-x", size: 500 },
    { name: "large", size: 300_000 },
    { name: "lonely", size: 10, fields: "Depends: nothing-has-this\n" },
    { name: "rival", size: 10, fields: "Conflicts: box64\n" },
  ]);

  static async with(url?: string): Promise<Machine> {
    const machine = new Machine();
    await machine.source(url);
    return machine;
  }

  async source(url = `copy:${this.repository}`, options = "[trusted=yes]"): Promise<Done> {
    this.write("/etc/apt/sources.list", `deb ${options} ${url} ./\n`);
    const insecure = options === "" ? ["-o", "Acquire::AllowInsecureRepositories=true"] : [];
    return await this.run({ path: PROGRAM, args: ["update", ...insecure] });
  }
}

test({
  name: "apt reports available packages with sizes, but no virtual ones",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    // apt takes box64.x for a regular expression, which box64-x matches.
    const names = ["box64", "emulator", "nothing", "box64.x"];
    const [line] = APT.queries(PROGRAM, names);
    const { status, stdout, output } = await machine.run(line!);
    assert(APT.answers.includes(status), output);
    const { size } = Deno.statSync(`${machine.repository}/box64.deb`);
    assertEquals([...APT.parseQuery(stdout, names)], [["box64", size]]);

    const nothing = await machine.run(APT.queries(PROGRAM, ["nothing", "emulator"])[0]!);
    assert(APT.answers.includes(nothing.status), nothing.output);
    assertEquals(APT.parseQuery(nothing.stdout, ["nothing", "emulator"]).size, 0);
  },
});

test({
  name: "apt installs only the named package, without a question, and a second time",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    for (let times = 0; times < 2; times++) {
      const { status, output } = await machine.install("box64");
      assert(APT.successes.includes(status), output);
      assert(machine.has("/usr/share/box64/data"), output);
    }
    assertEquals(await machine.kind("box64.x"), "not found");
    assert(!machine.has("/usr/share/box64-x/data"));
  },
});

test({
  name: "a package that apt removed but for its settings counts as not installed",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    const record = "\nPackage: left-over\nStatus: deinstall ok config-files\nVersion: 1.0\n" +
      "Architecture: all\nMaintainer: A <a@example.org>\nDescription: a package of a test\n\n";
    const status = Deno.readTextFileSync("/var/lib/dpkg/status");
    machine.write("/var/lib/dpkg/status", status + record);
    const { stdout } = await machine.run(APT.queries(PROGRAM, ["left-over"])[0]!);
    assertEquals(APT.parseQuery(stdout, ["left-over"]).size, 0, stdout);
  },
});

test({
  name: "apt's messages about packages are recognised, and no package is removed",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    const conflict = "conflict: the packages conflict with installed ones";
    assertEquals(
      await machine.trouble("nothing"),
      "not found: there is no package “nothing”",
    );
    assertEquals(await machine.trouble("lonely"), conflict);
    await machine.install("box64");
    assertEquals(await machine.trouble("rival"), conflict);
    assert(machine.has("/usr/share/box64/data"));
  },
});

test({
  name: "apt's messages about sources are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    Deno.renameSync(`${machine.repository}/large.deb`, `${machine.repository}/away`);
    assertEquals(await machine.kind("large"), "outdated lists");
    Deno.writeTextFileSync(`${machine.repository}/box64-x.deb`, "x", { append: true });
    assertEquals(await machine.kind("box64-x"), "outdated lists");
    await machine.source(undefined, "");
    assertEquals(await machine.kind("box64"), "signature");
  },
});

test({
  name: "apt's messages about a missing or wrong file, or no server, are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const server = mirror(machine.repository, /\/box64\.deb$/);
    await machine.source(`http://127.0.0.1:${server.addr.port}`);
    Deno.writeTextFileSync(`${machine.repository}/large.deb`, "x", { append: true });
    for (const name of ["box64", "large"]) {
      assertEquals(await machine.kind(name), "outdated lists", name);
    }
    await server.shutdown();
    assertEquals(
      await machine.trouble("box64"),
      "no network: a package source cannot be reached",
    );
  },
});

/** dpkg's lock is one of fcntl(2), which belongs to a process. */
const LOCKED = `
  perl -e '
    use Fcntl;
    open(my $file, ">>", "/var/lib/dpkg/lock-frontend") or die;
    my $lock = pack("s s l! l! i", F_WRLCK, 0, 0, 0, 0);
    fcntl($file, F_SETLK, $lock) or die;
    open(my $done, ">", "/run/locked") or die;
    close($done);
    sleep 60;
  ' & held=$!
  while [ ! -e /run/locked ]; do sleep 0.02; done
`;

test({
  name: "apt does not wait for another process",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    const found = await machine.trouble("box64", LOCKED);
    assert(/^locked: another package manager is running \(process \d+\)$/.test(found), found);
  },
});

test({
  name: "apt's and dpkg's messages about a full disk and its aftermath are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    const tmpfs = (place: string) => `mkdir -p ${place}; mount -t tmpfs -o size=64k none ${place}`;
    const archives = "/var/cache/apt/archives";
    assertEquals(
      await machine.trouble("large", `${tmpfs(archives)}; mkdir ${archives}/partial`),
      `disk full: there is not enough space in ${archives}/`,
    );
    assertEquals(
      await machine.trouble("large", tmpfs("/usr/share/large")),
      "disk full: there is not enough space on the disk",
    );
  },
});

test({
  name: "apt's and dpkg's messages about a read-only system are recognised",
  needs: NEEDS,
  fn: async () => {
    for (const directory of ["/usr", "/var/lib/dpkg"]) {
      using machine = await Machine.with();
      const before =
        `mount --bind ${directory} ${directory}; mount -o remount,bind,ro ${directory}`;
      const found = await machine.trouble("box64-x", before);
      assertEquals(found, "read-only: this system is read-only", directory);
    }
  },
});

test({
  name: "after an interrupted dpkg a message says what to do",
  needs: NEEDS,
  fn: async () => {
    using machine = await Machine.with();
    machine.write("/var/lib/dpkg/updates/0001", "Package: box64\nStatus: install ok installed\n\n");
    assertEquals(
      await machine.trouble("box64-x"),
      "interrupted: an earlier installation was interrupted",
    );
  },
});
