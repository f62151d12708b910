/** The packages as files. */
import { dirname } from "@std/path";
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { MACHINES, NATIVE } from "../../lib/elf/machines.ts";
import { LINES, RESOLVER } from "../../lib/paths.ts";
import { PROGRAM } from "../../tasks/compile.ts";
import { arMember } from "../../tasks/package/ar_member.ts";
import { type Architecture, ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { startPacked } from "../../tasks/package/start_packed.ts";
import { ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { type Ability, test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import { foreignPackage, madePackages } from "./made_packages.ts";

const NEEDS: readonly Ability[] = ["nfpm", "compiled", "x86_64"];

/** The paths of the tarball's files. */
async function paths(): Promise<string[]> {
  const tarball = (await madePackages())(".tar.gz");
  return (await outputOf(["tar", "-tzf", tarball])).split("\n").map((path) => path.slice(1));
}

test({
  name: "the same sources give the same .deb and .rpm, in any directory and with any umask",
  needs: NEEDS,
  async fn() {
    const umask = Deno.umask();
    try {
      for (const format of ["deb", "rpm"] as const) {
        const make = (mask: number) => {
          Deno.umask(mask);
          return inTemporaryDirectory(async (directory) =>
            await Deno.readFile(await foreignPackage(format, directory))
          );
        };
        assertEquals(await make(0o022), await make(0o077));
      }
    } finally {
      Deno.umask(umask);
    }
  },
});

test({
  name: "SHA256SUMS has each file's sum, and the copyright file each part of the SBOM",
  needs: NEEDS,
  async fn() {
    const made = await madePackages();
    const directory = `${ROOT}/dist/packages`;
    const checked = await outputOf(["sha256sum", "--check", "--strict", "SHA256SUMS"], {
      cwd: directory,
    });
    const lines = checked.trimEnd().split("\n");
    assertEquals(lines.length, [...Deno.readDirSync(directory)].length - 1);
    assert(lines.every((line) => line.endsWith(": OK")), checked);

    const bill = JSON.parse(await Deno.readTextFile(made(".cdx.json"))) as {
      components: { name: string; version: string; hashes: { content: string }[] }[];
    };
    const [denort, ...parts] = bill.components;
    assertEquals([denort?.name, denort?.hashes[0]?.content.length], ["denort", 64]);
    const copyright = "./usr/share/doc/binfmt-dispatcher/copyright";
    const text = await outputOf(["tar", "-xzOf", made(".tar.gz"), copyright]);
    const inside = [...text.matchAll(/ contains (.*):$/gm)].map(([, name]) => name);
    const named = parts.map(({ name, version }) => `${name} ${version}`);
    assertEquals(inside, ["deno", "v8", ...named]);
    assert(parts.every(({ hashes }) => hashes[0]?.content.length === 128));
  },
});

test({
  name: "the packages have the lines of all machines and formats but the host's own",
  needs: NEEDS,
  async fn() {
    const packed = (await paths()).filter((path) => path.startsWith(`${LINES}/`))
      .map((path) => path.slice(LINES.length + 1)).filter((name) => name !== "");
    const machines = MACHINES.map(({ name }) => name).filter((name) =>
      !NATIVE.x86_64!.includes(name)
    );
    const names = [...machines, "go", "jar", "windows"];
    assertEquals(packed.sort(), names.map((name) => `${name}.conf`).sort());
  },
});

test({
  name: "shellcheck finds nothing in the packages' scripts",
  needs: ["nfpm", "compiled", "x86_64", "shellcheck"],
  async fn() {
    await madePackages();
    const scripts = `${ROOT}/dist/stage-amd64/scripts`;
    const names = [...Deno.readDirSync(scripts)].map(({ name }) => name).sort();
    assertEquals(names, ["after-install", "after-remove", "before-remove"]);
    await outputOf(["shellcheck", ...names], { cwd: scripts });
  },
});

test({
  name: "a package with a stripped program or another machine's is refused",
  needs: [...NEEDS, "binutils"],
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      const program = `${directory}${RESOLVER}`;
      await Deno.mkdir(dirname(program), { recursive: true });
      await Deno.copyFile(PROGRAM, program);
      const [x86_64, aarch64] = ARCHITECTURES;
      const fault = async (architecture: Architecture) => {
        await outputOf(["tar", "-I", "gzip -1", "-cf", "tarball", "./usr"], { cwd: directory });
        return await startPacked(`${directory}/tarball`, architecture);
      };
      assertEquals(await fault(x86_64!), undefined);
      assertEquals(await fault(aarch64!), "the packed program is for another machine: x86_64");
      await outputOf(["strip", program]);
      assertMatch(await fault(x86_64!) ?? "", /^the packed program prints “/);
    });
  },
});

test({
  name: "arMember() reads an archive that ar wrote",
  needs: ["binutils"],
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      await Deno.writeTextFile(`${directory}/odd`, "odd");
      await Deno.writeTextFile(`${directory}/even`, "even");
      await outputOf(["ar", "rc", "archive", "odd", "even"], { cwd: directory });
      const archive = await Deno.readFile(`${directory}/archive`);
      const text = (name: string) => new TextDecoder().decode(arMember(archive, name));
      assertEquals([text("odd"), text("even")], ["odd", "even"]);
      assertThrows(() => text("absent"), Error, "the archive has no absent");
      assertThrows(() => arMember(archive.subarray(1), "odd"), Error, "not an ar archive");
    });
  },
});
