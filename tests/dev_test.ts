import { assert, assertEquals } from "@std/assert";
import { capture, ROOT } from "../tasks/start.ts";
import { inTemporaryDirectory } from "../tasks/temporary_directory.ts";
import { test } from "./abilities.ts";

/** The programs that ./dev needs. Its PATH has only these and those that a test adds. */
const TOOLS = ["dirname", "ln", "mkdir", "sed"];

/** Prints its version, or else how it was started. */
const fakeDeno = (version: string) =>
  `#!/bin/sh
if [ "$1" = --version ]; then echo "deno ${version} (stable, release, x86_64)"; exit; fi
echo "${version}|$*|$DENO_TLS_CA_STORE"
`;

/**
 * Starts a copy of ./dev twice with only these programs in PATH. Returns the status and output of
 * each start, with DIR for its directory.
 */
function dev(programs: Record<string, string>, args: string[], env = {}) {
  return inTemporaryDirectory(async (directory) => {
    await Deno.copyFile(`${ROOT}/dev`, `${directory}/dev`);
    await Deno.mkdir(`${directory}/bin`);
    for (const tool of TOOLS) await Deno.symlink(`/usr/bin/${tool}`, `${directory}/bin/${tool}`);
    for (const [name, text] of Object.entries(programs)) {
      await Deno.writeTextFile(`${directory}/bin/${name}`, text.replaceAll("DIR", directory), {
        mode: 0o755,
      });
    }
    const results = [];
    for (let time = 0; time < 2; time++) {
      const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
        args: [`${directory}/dev`, ...args],
        cwd: "/",
        clearEnv: true,
        env: { PATH: `${directory}/bin`, ...env },
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      results.push(`${code} ${text.replaceAll(directory, "DIR").trimEnd()}`);
    }
    return results;
  });
}

const twice = (text: string) => [text, text];

for (const version of ["2.6.0", "2.10.3", "3.0.1"]) {
  Deno.test(`./dev takes deno ${version} from PATH`, async () => {
    const npx = "#!/bin/sh\necho npx was started\n";
    assertEquals(
      await dev({ deno: fakeDeno(version), npx }, ["test", "a b"]),
      twice(`0 ${version}|task --quiet --config DIR/deno.json test a b|system`),
    );
  });
}

for (const version of ["1.46.3", "2.5.9"]) {
  Deno.test(`./dev skips deno ${version} and asks npx only once`, async () => {
    const npx =
      '#!/bin/sh\n[ "$*" = "-y deno@2.6.8 eval console.log(Deno.execPath())" ] || exit 9\n' +
      "[ ! -e DIR/asked ] || exit 8\n: > DIR/asked\necho DIR/bin/from-npm\n";
    assertEquals(
      await dev({ deno: fakeDeno(version), npx, "from-npm": fakeDeno("2.6.8") }, []),
      twice("0 2.6.8|task --quiet --config DIR/deno.json|system"),
    );
  });
}

Deno.test("./dev keeps a DENO_TLS_CA_STORE that is set", async () => {
  const [first] = await dev({ deno: fakeDeno("2.6.8") }, ["ok"], { DENO_TLS_CA_STORE: "mozilla" });
  assertEquals(first, "0 2.6.8|task --quiet --config DIR/deno.json ok|mozilla");
});

Deno.test("without Deno and npx ./dev says what to install", async () => {
  const [first = ""] = await dev({}, ["test"]);
  assert(first.startsWith("127 dev: Cannot start Deno: neither deno 2.6"), first);
  assert(first.includes("apt-get install npm"), first);
});

test({
  name: "shellcheck finds no fault in the shell scripts",
  needs: ["shellcheck"],
  async fn() {
    const scripts = ["dev", ".ci/run", ".github/fetch-denort", "tests/vm/init", "tests/vm/muvm"];
    assertEquals((await capture(["shellcheck", ...scripts])).text, "");
  },
});
