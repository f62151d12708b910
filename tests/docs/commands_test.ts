/** Runs the commands of the pages for users in a World. */
import { assertEquals } from "@std/assert";
import { VENDOR_LAYERS } from "../../lib/paths.ts";
import { pagePaths, readPage } from "../../tasks/markdown.ts";
import { ROOT } from "../../tasks/start.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { WRITABLE } from "../install/writable.ts";
import { headersOf, speaker } from "../programs.ts";
import { machine } from "../elf/build_elf.ts";
import { FOREIGN } from "../real/foreign.ts";
import { type Difference, scriptOf, settle } from "./blocks.ts";

/** Pages whose commands run here, each section in a World of its own. */
const HERE = ["docs/how-to.md", "docs/troubleshooting.md"];

/** Tests that run the commands of other pages. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "README.md": "tests/docs/readme_test.ts",
  "docs/tutorial.md": "tests/vm/tutorial_test.ts",
  "docs/install.md": "tests/packaging/install_page_test.ts",
  "docs/builders.md": "tests/builders/page.ts",
};

/** Shell commands that prepare a section. */
const SETUPS: Readonly<Record<string, string>> = {
  "“Exec format error”": "disable",
  "“No such file or directory”, but the file is there": "competitor /usr/bin/gone",
  "explain names FEX, but QEMU runs": "competitor /usr/bin/qemu-x86_64-static",
  "Turn the questions off": "remove",
  "Nothing is asked in an editor": "remove",
  "Starts are slow": "/opt/games/game >/dev/null",
  "Undo a shipped rule or value":
    `printf '[binaries.games]\\npath = "/opt/games/"\\ninterpreter = "box64"\\n' ` +
    `>${VENDOR_LAYERS}/50-games.toml`,
  "A layer has no effect":
    'mkdir -p .config/binfmt-dispatcher; printf \'[binaries.game]\\npath = "opt/game"\\n' +
    'interpretr = "fex"\\n\' >/etc/binfmt-dispatcher.toml',
};

/** The pages are for aarch64 hosts: on x86_64 hosts the two machines are swapped. */
function swapped(text: string): string {
  if (Deno.build.arch === "aarch64") return text;
  return text.replaceAll(/x86_64|aarch64/g, (name) => name === "x86_64" ? "aarch64" : "x86_64");
}

/** Prints its name and its arguments. */
const STAND_IN = '#!/bin/sh\necho "${0##*/}: $*"\n';

/** Knows all packages; each has 60 MB. */
const DNF = `#!/bin/sh
for each in "$@"; do case $each in -* | repoquery) ;; *) echo "found $each 60000000" ;; esac; done
`;

const INTERPRETERS = ["FEX", "box64", "wine", "mono", "java", "go", `qemu-${FOREIGN}-static`];

/** Makes /etc, /usr, /root and /opt writable, without effect on the machine. */
const PREPARE = `
exec 2>&1
${WRITABLE}
for each in root opt home; do mount -t tmpfs -o mode=755 none /$each; done
rm -f /usr/bin/apt-get /usr/bin/dnf5
cd /root
mkdir -p .config/binfmt-dispatcher /opt/games /opt/qemu/bin
for each in game editor; do cp /usr/share/game /opt/games/$each; done
cp /usr/share/speaker /opt/games/static
cp /usr/bin/FEX /opt/qemu/bin/qemu-${FOREIGN}
for each in exe jar; do install -m 755 /usr/share/program.$each .; done
competitor() {
  line=$(grep ^: /usr/share/binfmt-dispatcher/binfmt.d/${FOREIGN}.conf); line=\${line#:*:}
  printf %s ":another-emulator:\${line%%:/*}:$1:" >/proc/sys/fs/binfmt_misc/register
}
remove() { for each in FEX box64 qemu-${FOREIGN}-static; do rm /usr/bin/$each; done; }
disable() { binfmt-dispatcher disable ${FOREIGN} >/dev/null; }
binfmt-dispatcher enable ${FOREIGN} >/dev/null
`;

function world(): World {
  const made = new World();
  made.install();
  const layer = swapped(Deno.readTextFileSync(`${ROOT}/config/aarch64.toml`));
  made.file(`${VENDOR_LAYERS}/00-default.toml`, layer);
  made.file("/usr/bin/sudo", '#!/bin/sh\nexec "$@"\n', 0o755);
  for (const name of INTERPRETERS) made.file(`/usr/bin/${name}`, STAND_IN, 0o755);
  made.file("/usr/bin/dnf", DNF, 0o755);
  made.file("/usr/share/fex-emu/RootFS/default.erofs", "");
  const interp = "/lib/ld-foreign.so.1";
  made.file("/usr/share/game", headersOf(FOREIGN, { interp }), 0o755);
  made.file("/usr/share/speaker", speaker(FOREIGN as "aarch64", "it runs\n"), 0o755);
  made.file("/usr/share/program.exe", "MZ");
  made.file("/usr/share/program.jar", "PK");
  made.file(`/usr/${machine(FOREIGN).gnu}${interp}`, "");
  return made;
}

const pages = pagePaths().map(readPage);

for (const page of pages.filter(({ path }) => HERE.includes(path))) {
  test({
    name: `${page.path}: each command prints what is shown`,
    needs: ["binfmt_misc", "overlays", "compiled"],
    async fn() {
      const differences: Difference[] = [];
      for (const section of new Set(page.blocks.map(({ section }) => section))) {
        const script = scriptOf(page.blocks.filter((block) => block.section === section));
        using made = world();
        const text = `${PREPARE}\n${SETUPS[section] ?? ""}\n${swapped(script.text)}`;
        const { stdout } = await made.run(["sh", "-c", text], { env: { HOME: "/root" } });
        differences.push(...script.differences(swapped(stdout)));
      }
      assertEquals(settle(page.path, differences), []);
    },
  });
}

Deno.test("every command of the documents is run by a test", () => {
  const untested = pages.filter(({ path, blocks }) =>
    !HERE.includes(path) && !(path in ELSEWHERE) &&
    blocks.some(({ language }) => ["sh", "console"].includes(language))
  );
  assertEquals(untested.map(({ path }) => path), []);
  const unread = Object.entries(ELSEWHERE).filter(([path, test]) =>
    !Deno.readTextFileSync(`${ROOT}/${test}`).includes(path)
  );
  assertEquals(unread, []);
});
