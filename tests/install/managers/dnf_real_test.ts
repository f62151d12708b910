/** The real dnf 4 with a test repository: DNF's queries, and trouble() for its messages. */
import { assert, assertEquals } from "@std/assert";
import { DNF } from "../../../lib/install/managers/dnf.ts";
import { test } from "../../abilities.ts";
import { mirror, rpmRepository } from "./repositories.ts";
import { Sandbox } from "./sandbox.ts";

const PROGRAM = "/usr/bin/dnf";
const NEEDS = ["dnf", "overlays"] as const;

/** A sandbox whose dnf has one repository, with three packages. */
class Machine extends Sandbox {
  readonly repository: string;

  constructor() {
    super(DNF, PROGRAM);
    this.repository = rpmRepository(this.directory, [
      { name: "fex-emu", size: 5000 },
      { name: "fex-emu-rootfs", size: 3_000_000 },
      { name: "lonely", size: 10, fields: "Requires: nothing-has-this" },
    ]);
    this.source(`file://${this.repository}`);
  }

  source(url: string, ...lines: string[]): void {
    const text = ["[test]", "name=test", "gpgcheck=0", ...lines, `baseurl=${url}`, ""].join("\n");
    this.write("/etc/yum.repos.d/test.repo", text);
  }
}

test({
  name: "dnf reports available packages with sizes, from stored lists if there are any",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const names = ["fex-emu", "fex-emu-rootfs", "fex", "@group"];
    const [stored, fetched] = DNF.queries(PROGRAM, names);
    const ask = async (line: typeof stored) => {
      const { status, stdout, output } = await machine.run(line!);
      assert(DNF.answers.includes(status), output);
      return [...DNF.parseQuery(stdout, names)];
    };
    assertEquals(await ask(stored), [["@group", undefined]]);
    const bytes = (name: string) =>
      Deno.statSync(`${machine.repository}/noarch/${name}-1.0-1.noarch.rpm`).size;
    const all = [
      ["fex-emu", bytes("fex-emu")],
      ["fex-emu-rootfs", bytes("fex-emu-rootfs")],
      ["@group", undefined],
    ] as [string, number | undefined][];
    assertEquals(await ask(fetched), all);
    // Stored lists need no source.
    Deno.renameSync(machine.repository, `${machine.repository}-away`);
    assertEquals(await ask(stored), all);
  },
});

test({
  name: "dnf says which package has a file",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const [, fetched] = DNF.fileQueries(PROGRAM, "/usr/share/fex-emu/data");
    const { stdout } = await machine.run(fetched!);
    assertEquals(DNF.parseFileQuery(stdout), ["fex-emu"]);
    const [stored] = DNF.fileQueries(PROGRAM, "/usr/share/fex-emu/dat");
    assertEquals(DNF.parseFileQuery((await machine.run(stored!)).stdout), []);
  },
});

test({
  name: "dnf installs without a question, and a second time",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    for (let times = 0; times < 2; times++) {
      const { status, output } = await machine.install("fex-emu");
      assert(DNF.successes.includes(status), output);
      assert(machine.has("/usr/share/fex-emu/data"), output);
    }
  },
});

test({
  name: "dnf's messages about packages and sources are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const unreachable = "no network: a package source cannot be reached";
    for (
      const url of [
        "http://nothing.invalid",
        "http://127.0.0.1:1",
        `file://${machine.directory}/none`,
      ]
    ) {
      machine.source(url);
      assertEquals(await machine.trouble("fex-emu"), unreachable, url);
    }

    machine.source(`file://${machine.repository}`);
    assertEquals(
      await machine.trouble("fex-emulator"),
      "not found: there is no package “fex-emulator”",
    );
    assertEquals(
      await machine.trouble("lonely"),
      "conflict: the packages conflict with installed ones",
    );
    Deno.removeSync(`${machine.repository}/noarch/fex-emu-1.0-1.noarch.rpm`);
    const server = mirror(machine.repository, /\.rpm$/);
    for (const url of [`file://${machine.repository}`, `http://127.0.0.1:${server.addr.port}`]) {
      machine.source(url);
      assertEquals(await machine.kind("fex-emu"), "outdated lists", url);
    }
    await server.shutdown();
  },
});

test({
  name: "dnf's refusal of an unsigned package is recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const signature = "signature: a signature is missing or cannot be checked";
    const url = `file://${machine.repository}`;
    const key = "gpgkey=file:///etc/no-key";
    for (const lines of [["gpgcheck=1"], ["gpgcheck=1", key], ["repo_gpgcheck=1"]]) {
      machine.source(url, ...lines);
      assertEquals(await machine.trouble("fex-emu"), signature, lines.join());
      assert(!machine.has("/usr/share/fex-emu/data"));
    }
  },
});

/** Another dnf's lock is a file with the number of its process. */
const hold = (lock: string) =>
  `mkdir -p "$(dirname ${lock})"; sleep 60 & held=$!; echo "$held" > ${lock}`;

test({
  name: "dnf waits for no other process, to query or to install",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const metadata = "/var/cache/dnf/metadata_lock.pid";
    for (const lock of [metadata, "/var/lib/dnf/rpmdb_lock.pid"]) {
      const found = await machine.trouble("fex-emu", hold(lock));
      assert(/^locked: another package manager is running \(process \d+\)$/.test(found), found);
    }
    const [, fetched] = DNF.queries(PROGRAM, ["fex-emu"]);
    const { status } = await machine.run(fetched!, { before: hold(metadata) });
    assert(!DNF.answers.includes(status));
  },
});

test({
  name: "dnf reports a read-only system as a full disk",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const before = "mount --bind /usr /usr; mount -o remount,bind,ro /usr";
    const found = await machine.trouble("fex-emu-rootfs", before);
    assertEquals(found, "no room: there is not enough space in /usr");
  },
});

test({
  name: "dnf's messages about a full disk are recognised",
  needs: NEEDS,
  fn: async () => {
    using machine = new Machine();
    const place = "/usr/share/fex-emu-rootfs";
    const full = `mkdir -p ${place}; mount -t tmpfs -o size=8k none ${place}`;
    assertEquals(
      await machine.trouble("fex-emu-rootfs", full),
      `no room: there is not enough space in ${place}`,
    );
  },
});

test({
  name: "dnf answers a user from root's cache, without the source",
  needs: [...NEEDS, "root"],
  fn: async () => {
    using machine = new Machine();
    const [stored, fetched] = DNF.queries(PROGRAM, ["fex-emu"]);
    const ask = async (user: boolean, line: typeof stored) => {
      const { status, stdout, output } = await machine.run(line!, { user });
      assert(DNF.answers.includes(status), output);
      return DNF.parseQuery(stdout, ["fex-emu"]).size;
    };
    assertEquals(await ask(true, stored), 0);
    assertEquals(await ask(false, fetched), 1);
    Deno.renameSync(machine.repository, `${machine.repository}-away`);
    assertEquals(await ask(true, stored), 1);
  },
});
