/** The recipes for other packagers, without their build services. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { fileNames } from "../../tasks/package/file_names.ts";
import { recipes } from "../../tasks/package/recipes.ts";
import { SUMS, sums, writeSums } from "../../tasks/package/sums.ts";
import { gather, tagFault } from "../../tasks/release.ts";
import { ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import { madePackages } from "./made_packages.ts";
import deno from "../../deno.json" with { type: "json" };

const { version } = deno;
const NAMES = ARCHITECTURES.flatMap((each) => Object.values(fileNames(each)));

/** The files of two builds of a release; each file contains its name. */
async function builds(directory: string): Promise<string[]> {
  const directories = ["one", "two"].map((name) => `${directory}/${name}`);
  for (const each of directories) {
    await Deno.mkdir(each);
    for (const name of NAMES) await Deno.writeTextFile(`${each}/${name}`, `${name}\n`);
    await writeSums(each);
  }
  return directories;
}

const RELEASE = { repository: "owner/name", tag: `v${version}` };
const BASE = `https://github.com/owner/name/releases/download/v${version}`;

/** The recipes for a release of such files. */
async function texts(): Promise<ReadonlyMap<string, string>> {
  const made = await Array.fromAsync(NAMES, async (name) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
    return `${new Uint8Array(digest).toHex()}  ${name}\n`;
  });
  return recipes({ repository: RELEASE.repository, base: BASE, sums: made.join("") });
}

Deno.test("a release needs the tag of its version, and a heading in CHANGELOG.md", () => {
  const changes = `# Changelog\n\n## ${version} – 2026-01-31\n`;
  assertEquals(tagFault(`v${version}`, changes), undefined);
  assertEquals(tagFault("v9.9.9", changes), `deno.json has version ${version}`);
  const heading = `CHANGELOG.md has no heading “## ${version} – YYYY-MM-DD”`;
  assertEquals(tagFault(`v${version}`, "## Unreleased\n"), heading);
});

Deno.test("a release has the files of two equal builds, the recipes and the sums", async () => {
  await inTemporaryDirectory(async (directory) => {
    const directories = await builds(directory);
    const output = `${directory}/release`;
    assertEquals(await gather(RELEASE, directories, output), undefined);
    const found = [...Deno.readDirSync(output)].map(({ name }) => name).sort();
    const own = ["PKGBUILD", "binfmt-dispatcher.install", "binfmt-dispatcher.rb", "install.sh"];
    assertEquals(found, [...NAMES, ...own, SUMS].sort());
    assertEquals(await Deno.readTextFile(`${output}/${SUMS}`), await sums(output));
    const checked = await outputOf(["sha256sum", "--check", "--strict", SUMS], { cwd: output });
    assertEquals(checked.trimEnd().split("\n").length, found.length - 1);
  });
});

Deno.test("a release refuses files that were built once or that differ", async () => {
  await inTemporaryDirectory(async (directory) => {
    const directories = await builds(directory);
    const [name = ""] = NAMES;
    await Deno.writeTextFile(`${directories[1]}/${name}`, "other\n");
    const differing = `these builds differ: ${directory}/one/${name}, ${directory}/two/${name}`;
    assertEquals(await gather(RELEASE, directories, `${directory}/release`), differing);
    await Deno.remove(`${directories[1]}/${name}`);
    const once = `${name} must be built twice, and was built 1 times`;
    assertEquals(await gather(RELEASE, directories, `${directory}/release`), once);
  });
});

const FIELDS = `
source ./PKGBUILD
echo "$pkgver $url"
for each in x86_64 aarch64; do
  declare -n source=source_$each sums=sha256sums_$each
  echo "$source $sums"
done
`;

test({
  name: "PKGBUILD has the release's version, files and sums, and packs the tarball's files",
  needs: ["nfpm", "compiled", "x86_64"],
  async fn() {
    const tarball = (await madePackages())(".tar.gz");
    await inTemporaryDirectory(async (directory) => {
      const made = await texts();
      for (const name of ["PKGBUILD", "binfmt-dispatcher.install"]) {
        await Deno.writeTextFile(`${directory}/${name}`, made.get(name)!);
      }
      const fields = await outputOf(["bash", "-euc", FIELDS], { cwd: directory });
      const lines = made.get("install.sh")!.split("\n");
      const files = ARCHITECTURES.map((each) => {
        const { tarball } = fileNames(each);
        const sum = lines.find((line) => line.endsWith(`  ${tarball}`))!.split(" ")[0];
        return `${BASE}/${tarball} ${sum}`;
      });
      const expected = [`${version} https://github.com/owner/name`, ...files];
      assertEquals(fields.trimEnd().split("\n"), expected);

      await Deno.mkdir(`${directory}/src`);
      await Deno.copyFile(tarball, `${directory}/src/${tarball.split("/").at(-1)}`);
      const script = `source ./PKGBUILD; CARCH=x86_64 srcdir=$PWD/src pkgdir=$PWD/pkg
        mkdir pkg; package; cd "$pkgdir"; usr/bin/binfmt-dispatcher --version; find . -name '_b*' \\
          -o -name copyright -o -name lintian`;
      const packed = await outputOf(["bash", "-euc", script], { cwd: directory });
      assertEquals(packed.trimEnd().split("\n").sort(), [
        "./usr/share/licenses/binfmt-dispatcher-bin/copyright",
        "./usr/share/zsh/site-functions/_binfmt-dispatcher",
        `binfmt-dispatcher ${version}`,
      ]);
    });
  },
});

test({
  name: "shellcheck accepts pacman's script, which has a function for each occasion",
  needs: ["shellcheck"],
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      const script = `${directory}/script`;
      const text = (await texts()).get("binfmt-dispatcher.install")!;
      await Deno.writeTextFile(script, text);
      // Each function has a copy of the whole script, and uses a part of it.
      const unused = ["--shell=bash", "--exclude=SC2034,SC2317,SC2329,SC1008,SC1128"];
      await outputOf(["shellcheck", ...unused, script]);
      const functions = await outputOf(["bash", "-euc", `source ${script}; declare -F`]);
      assertEquals(functions.trimEnd().split("\n").map((line) => line.split(" ").at(-1)), [
        ...["post_install", "post_remove", "post_upgrade", "pre_remove"],
      ]);
    });
  },
});

test({
  name: "the Homebrew formula is valid Ruby with the release's version, files and sums",
  needs: ["ruby"],
  async fn() {
    const made = await texts();
    const formula = made.get("binfmt-dispatcher.rb")!;
    await inTemporaryDirectory(async (directory) => {
      await Deno.writeTextFile(`${directory}/formula.rb`, formula);
      assertEquals(await outputOf(["ruby", "-cw", `${directory}/formula.rb`]), "Syntax OK\n");
    });
    assert(formula.includes(`version "${version}"`), formula);
    for (const each of ARCHITECTURES) {
      const { tarball } = fileNames(each);
      const line = made.get("install.sh")!.split("\n").find((line) => line.endsWith(tarball))!;
      const [sum] = line.split(" ");
      const form = new RegExp(`url "${BASE}/${tarball}"\\s+sha256 "${sum}"`);
      assertMatch(formula, form);
    }
  },
});

/** The flake's package, with a nixpkgs whose derivations are their own arguments. */
const PACKAGE = `
let
  system = builtins.currentSystem;
  mkDerivation = given: given // { outPath = "/modules"; };
  pkgs = {
    stdenv = { inherit mkDerivation; };
    deno = { outPath = "/nix-deno"; version = "2.6.8"; };
    cacert = {};
    lib.licenses.mit = "MIT";
  };
  flake = import ${ROOT}/flake.nix;
  outputs = flake.outputs { self = {}; nixpkgs.legacyPackages.\${system} = pkgs; };
in outputs.packages.\${system}.default
`;

async function evaluate(directory: string, expression: string): Promise<Record<string, string>> {
  const nix = ["nix-instantiate", "--eval", "--strict", "--json", "--expr", expression];
  const state = { NIX_STATE_DIR: directory, NIX_STORE_DIR: `${directory}/store`, HOME: directory };
  return JSON.parse(await outputOf(nix, { env: state }));
}

test({
  name: "the flake's package has the version, and its phases make a program and a handler",
  needs: ["nix", "user namespaces"],
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      const package_ = await evaluate(
        directory,
        `removeAttrs (${PACKAGE}) [ "meta" "outPath" "src" ]`,
      );
      assertEquals(package_.version, version);

      const bin = `${directory}/deno/bin`;
      await Deno.mkdir(bin, { recursive: true });
      await Deno.symlink(Deno.execPath(), `${bin}/deno`);
      const PATH = `${bin}:${Deno.env.get("PATH")}`;
      const env = { PATH, TMPDIR: directory, out: `${directory}/out` };
      const phase = package_.installPhase!.replaceAll("/nix-deno", `${directory}/deno`)
        .replaceAll("/modules", `${directory}/modules`);
      await modules(directory, PATH);
      await outputOf(["unshare", "-rn", "sh", "-euc", phase], { env, cwd: ROOT });
      const program = `${env.out}/bin/binfmt-dispatcher`;
      assertEquals(await outputOf([program, "--version"]), `binfmt-dispatcher ${version}\n`);
      const handler = await Deno.readFile(`${env.out}/libexec/handler`);
      assertEquals(new TextDecoder().decode(handler.subarray(1, 4)), "ELF");
      assert(new TextDecoder("latin1").decode(handler).includes(program));
    });
  },
});

/** Makes the npm packages as the flake does, and checks the flake's hash. */
async function modules(directory: string, PATH: string): Promise<void> {
  const text = await Deno.readTextFile(`${ROOT}/flake.nix`);
  const [, phase] = /installPhase = ''\n(.*?)''/s.exec(text)!;
  const [, hash] = /outputHash = "sha256-(.*)"/.exec(text)!;
  const out = `${directory}/modules`;
  const work = `${directory}/work`;
  await Deno.mkdir(work);
  for (const path of ["deno.json", "deno.lock", "lib"]) {
    await outputOf(["cp", "-r", `${ROOT}/${path}`, work]);
  }
  const env = { PATH, TMPDIR: `${directory}/work`, out };
  await outputOf(["sh", "-euc", phase!], { env, cwd: work });
  const found = await outputOf(["nix-hash", "--type", "sha256", out]);
  assertEquals(Uint8Array.fromHex(found.trim()).toBase64(), hash);
}

test({
  name: "Copr's source package makes an .rpm with the same files, scripts and requirements",
  needs: ["nfpm", "compiled", "x86_64", "rpmbuild"],
  async fn() {
    const made = (await madePackages())(".rpm");
    await inTemporaryDirectory(async (directory) => {
      const env = { HOME: directory };
      await outputOf(["make", "-f", ".copr/Makefile", "srpm", `outdir=${directory}`], {
        cwd: ROOT,
        env,
      });
      const name = `binfmt-dispatcher-${version}`;
      assert(Deno.statSync(`${directory}/${name}-1.src.rpm`).isFile);

      // The sources contain what ./dev package would make.
      const dev = `#!/bin/sh\nmkdir dist\ncp -r ${ROOT}/dist/packages ${ROOT}/dist/stage-* dist\n`;
      await Deno.mkdir(`${directory}/${name}`);
      await Deno.writeTextFile(`${directory}/${name}/dev`, dev, { mode: 0o755 });
      await outputOf(["tar", "-czf", `${name}.tar.gz`, name], { cwd: directory });
      const fast = ["-D", "_binary_payload w1.gzdio"];
      const directories = ["_topdir", "_sourcedir", "_rpmdir", "_dbpath"];
      const defined = directories.flatMap((each) => ["-D", `${each} ${directory}`]);
      const build = ["rpmbuild", "-bb", "--nodeps", "--quiet", ...fast, ...defined];
      await outputOf([...build, `${directory}/binfmt-dispatcher.spec`], { env });

      const built = `${directory}/x86_64/${name}-1.x86_64.rpm`;
      const db = ["--dbpath", directory];
      for (const what of ["--scripts", "--requires", "--recommends", "--suggests"]) {
        const said = async (file: string) => {
          const lines = (await outputOf(["rpm", ...db, "-qp", what, file])).trimEnd().split("\n");
          return [...new Set(lines.filter((line) => !line.startsWith("rpmlib(")))].sort();
        };
        assertEquals(await said(built), await said(made), what);
      }
      const files = async (file: string) => {
        const form = "[%{FILEMODES:perms} %{FILENAMES}\n]";
        // A link's mode has no meaning.
        return (await outputOf(["rpm", ...db, "-qp", "--qf", form, file])).replaceAll(
          /^l\S+/gm,
          "l",
        );
      };
      assertEquals(await files(built), await files(made));
    });
  },
});
