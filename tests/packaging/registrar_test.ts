// Shows docs/security.md#a-broken-registration
/** packaging/registrar on the real kernel, in namespaces and in several shells. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import { binfmtLine } from "../../lib/binfmt/line.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { HANDLER, LINES, REGISTRAR, RESOLVER } from "../../lib/paths.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { binfmtLines } from "../../tasks/binfmt_lines.ts";
import { type Outcome, World } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { outputOf } from "../output_of.ts";
import { speaker } from "../programs.ts";
import { machine } from "../elf/build_elf.ts";
import { FOREIGN } from "../real/foreign.ts";

const SCRIPT = new URL("../../packaging/registrar", import.meta.url).pathname;
const NEEDS: readonly Ability[] = ["binfmt_misc", "compiled", "qemu-user-static"];
const ENTRY = `binfmt-dispatcher-${FOREIGN}`;
const FILE = `${LINES}/${FOREIGN}.conf`;
const LINK = `/etc/binfmt.d/zz-${ENTRY}.conf`;
const PROGRAM = "/usr/bin/foreign-speaker";

const REFUSED = `binfmt-dispatcher: Cannot register “${ENTRY}”`;
const CHECK = "  To check the installation: binfmt-dispatcher doctor\n";

/** Variables for scripts: the registrar R, a FILE and its ENTRY. Makes /etc/binfmt.d writable. */
const PREPARE = `
set -u
mkdir -p /run/links && mount --bind /run/links /etc/binfmt.d
cd /proc/sys/fs/binfmt_misc
R="\${SHELL_OF_TEST-} ${REGISTRAR}" ENTRY=${ENTRY} FILE=${FILE} LINK=${LINK} P=${PROGRAM}
entries() { for each in *; do case $each in register | status) ;; *) echo "$each" ;; esac; done; }
`;

function world(): World {
  const made = new World();
  made.install();
  made.bind(SCRIPT, "/usr/share/registrar");
  made.file(PROGRAM, speaker(FOREIGN as "aarch64", "it runs\n"), 0o755);
  return made;
}

function run(world: World, script: string, shell = ""): Promise<Outcome> {
  const options = { cwd: "/", env: { SHELL_OF_TEST: shell } };
  return world.run(["timeout", "60", "sh", "-c", PREPARE + script], options);
}

/** Runs a script that must print this, without errors. */
async function expect(world: World, script: string, stdout: string, shell = "") {
  const outcome = await run(world, script, shell);
  assertEquals([outcome.stderr, outcome.stdout, outcome.status], ["", stdout, 0]);
}

/** A line for the host's own programs. */
function ownLine(): string {
  const entry = machineEntries(machine(Deno.build.arch))[0]!;
  const line = binfmtLine({ ...entry, name: "binfmt-dispatcher-own" }, HANDLER, "POF");
  assert(line.ok);
  return line.value;
}

async function shells(): Promise<Map<string, string>> {
  const busybox = `${await fetchPackage("busybox-static", "amd64")}/bin/busybox`;
  return new Map([["dash", "/bin/dash"], ["bash", "/bin/bash"], ["busybox", `${busybox} ash`]]);
}

test({
  name: "shellcheck finds nothing in the registrar",
  needs: ["shellcheck"],
  fn: async () => {
    await outputOf(["shellcheck", SCRIPT]);
  },
});

Deno.test("the registrar knows the paths of an installation", async () => {
  const text = await Deno.readTextFile(SCRIPT);
  for (
    const [name, path] of Object.entries({ handler: HANDLER, program: RESOLVER, lines: LINES })
  ) {
    assertStringIncludes(text, `\n${name}=${path}\n`);
  }
});

const ROUND = `
$R enable $FILE && entries && readlink $LINK && $P
$R enable $FILE && entries && $P
$R disable $FILE && entries && ls -A /etc/binfmt.d; $P 2>/dev/null || echo "it does not run"
$R disable $FILE
`;
const ROUND_OUTPUT = `${ENTRY}\n${FILE}\nit runs\n${ENTRY}\nit runs\nit does not run\n`;

test({
  name: "each shell can enable and disable a machine, twice in a row",
  needs: [...NEEDS, "apt"],
  fn: async (t) => {
    using here = world();
    for (const [name, shell] of await shells()) {
      await t.step(name, () => expect(here, ROUND, ROUND_OUTPUT, shell));
    }
  },
});

test({
  name: "the handler answers the probe of every machine and shipped format",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    const lines = [...binfmtLines(Deno.build.arch).values()].flatMap((text) =>
      text.trimEnd().split("\n")
    );
    const names = lines.map((line) => `${line.split(":")[1]}\n`).sort();
    assert(names.length > 35);
    await expect(here, `$R enable ${LINES}/*.conf && entries | sort`, names.join(""));
  },
});

test({
  name: "each shell takes back an entry that breaks the host's own programs",
  needs: [...NEEDS, "apt"],
  fn: async (t) => {
    using here = world();
    here.file("/usr/share/own.conf", ownLine() + "\n");
    const script =
      `$R enable - </usr/share/own.conf; echo "status $?"; entries; ls -A /etc/binfmt.d`;
    for (const [name, shell] of await shells()) {
      await t.step(name, async () => {
        const { stdout, stderr } = await run(here, script, shell);
        assertEquals(stdout, "status 1\n");
        const why = "the host’s own programs no longer started with it";
        assertEquals(
          stderr,
          `binfmt-dispatcher: Cannot register “binfmt-dispatcher-own”: ${why}\n${CHECK}`,
        );
      });
    }
  },
});

const QEMU_STAYS = `QEMU still runs ${FOREIGN} programs, also in containers. ` +
  `To outrank its entry: binfmt-dispatcher enable ${FOREIGN}\n`;

/** `seen`: the script's output and errors. */
const CASES: readonly (readonly [name: string, script: string, seen: string])[] = [
  [
    "an entry whose probe the handler does not answer is taken back",
    `mount --bind /bin/false ${HANDLER}; $R enable $FILE; echo $?; entries; ls -A /etc/binfmt.d`,
    `${REFUSED}: the handler did not answer a test program\n${CHECK}1\n`,
  ],
  [
    "an entry whose handler does not end is taken back",
    `mount --bind /usr/bin/yes ${HANDLER}; $R enable $FILE; echo $?; entries; ls -A /etc/binfmt.d`,
    `${REFUSED}: the handler did not answer a test program\n${CHECK}1\n`,
  ],
  [
    "if the new handler does not answer, the old entry stays",
    `$R enable $FILE && mount --bind /bin/false ${HANDLER}; $R restore; echo $?; entries; $P`,
    `${REFUSED} again: the handler did not answer a test program; the old entry stays
${CHECK}1\n${ENTRY}\nit runs\n`,
  ],
  [
    "if the link cannot be written, the entry is taken back",
    `mount -o remount,bind,ro /etc/binfmt.d; $R enable $FILE 2>&1 | grep -v ^ln:; entries`,
    `binfmt-dispatcher: Cannot write “${LINK}”: /etc/binfmt.d is not writable\n`,
  ],
  [
    "if the link cannot be removed, the entry stays",
    `$R enable $FILE && mount -o remount,bind,ro /etc/binfmt.d; $R disable $FILE 2>&1 | ` +
    "grep -v ^rm:; entries; ls /etc/binfmt.d",
    `binfmt-dispatcher: Cannot remove “${LINK}”: /etc/binfmt.d is not writable
${ENTRY}\nzz-${ENTRY}.conf\n`,
  ],
  [
    "an administrator's mask stays, and a first installation follows it without a message",
    "ln -s /dev/null $LINK; $R enable $FILE; echo $?; $R --first enable $FILE; echo $?; entries; " +
    "readlink $LINK",
    `binfmt-dispatcher: Cannot write “${LINK}”: it exists, and binfmt-dispatcher did not make it
  To replace it: rm ${LINK}, then try again\n1\n0\n/dev/null\n`,
  ],
  [
    "an entry of the same name with another interpreter stays",
    "printf %s :$ENTRY:E::other::/bin/true: >register; $R enable $FILE; $R disable $FILE; " +
    "sed -n 2p $ENTRY",
    `${REFUSED}: /bin/true already has an entry of this name
  To remove it: echo -1 >/proc/sys/fs/binfmt_misc/${ENTRY}\ninterpreter /bin/true\n`,
  ],
  [
    "an old entry, which names the main program, is replaced",
    `printf %s :$ENTRY:E::old::${RESOLVER}:P >register; $R enable $FILE; sed -n 2p $ENTRY; entries`,
    `interpreter ${HANDLER}\n${ENTRY}\n`,
  ],
  [
    "a first installation keeps QEMU's entry for containers, and says how to outrank it",
    'L=$(cat $FILE); L=${L#:*:}; printf %s ":qemu-it:${L%%:/*}:/usr/bin/qemu-aarch64-static:OCF" ' +
    ">register; $R --first enable $FILE; entries; ls -A /etc/binfmt.d; $R enable $FILE; entries",
    `${QEMU_STAYS}qemu-it\n${ENTRY}\nqemu-it\n`,
  ],
  [
    "a first installation outranks an entry without flag F",
    'L=$(cat $FILE); L=${L#:*:}; printf %s ":other:${L%%:/*}:/usr/bin/true:" ' +
    ">register; $P; $R --first enable $FILE; $P; $R disable $FILE; $P && entries",
    "it runs\nother\n",
  ],
  [
    "a system that does not run gets only links",
    `mkdir -p /run/image/usr/share && cp -r /usr/share/binfmt-dispatcher /run/image/usr/share
$R --root /run/image enable $FILE; entries; readlink /run/image$LINK; ls -A /etc/binfmt.d
$R --root /run/image disable $FILE; ls -A /run/image/etc/binfmt.d; $R --root / enable $FILE
entries; ls -A /etc/binfmt.d`,
    `${FILE}\nzz-${ENTRY}.conf\n`,
  ],
  [
    "a link in another root leads to that root's lines",
    `mkdir -p /run/image/usr/share && cp -r /usr/share/binfmt-dispatcher /run/image/usr/share
$R --root /run/image enable $FILE; mount -t tmpfs none /usr/share/binfmt-dispatcher
$R --root /run/image disable $LINK; ls -A /run/image/etc/binfmt.d`,
    "",
  ],
  [
    "a first installation in an image keeps QEMU's line for containers, unless it is masked",
    `mkdir -p /run/image/usr/share /run/image/usr/lib/binfmt.d /run/image/usr/share/qemu
cp -r /usr/share/binfmt-dispatcher /run/image/usr/share; cd /run/image
first() { $R --root . --first enable $FILE; ls etc/binfmt.d; rm -f .$LINK; }
L=$(cat $FILE); L=\${L#:*:}; L=\${L%%:/*}:/usr/bin/qemu-${FOREIGN}-static
echo :qemu-it:$L:OP >usr/lib/binfmt.d/qemu.conf; first
echo :qemu-it:$L:OPF | sed 's/M::.x7f.x45.x4c.x46/M:0:\\\\x7fELF/' >usr/lib/binfmt.d/qemu.conf
grep -c ':M:0:.x7fELF' usr/lib/binfmt.d/qemu.conf; first
ln -s /dev/null etc/binfmt.d/qemu.conf; first
mv usr/lib/binfmt.d/qemu.conf usr/share/qemu; ln -sf /usr/share/qemu/qemu.conf etc/binfmt.d; first`,
    `zz-${ENTRY}.conf\n1\n${QEMU_STAYS}qemu.conf\nzz-${ENTRY}.conf\n${QEMU_STAYS}qemu.conf\n`,
  ],
  [
    "lines from standard input are kept as a file, by which they can be disabled",
    "{ echo '# Made by: binfmt-dispatcher'; echo; " +
    `echo ':binfmt-dispatcher-own.1:E::own::${HANDLER}:PO'; } | $R enable -; entries; ` +
    "ls /etc/binfmt.d; $R disable /etc/binfmt.d/zz-binfmt-dispatcher-own.1.conf; entries; " +
    "ls -A /etc/binfmt.d",
    "binfmt-dispatcher-own.1\nzz-binfmt-dispatcher-own.1.conf\n",
  ],
  [
    "a magic at the end of the kernel's 256 bytes has a probe",
    String.raw`echo ':binfmt-dispatcher-at:M:253:\x3a\x0a\x00:\xff\xff\xfe:${HANDLER}:P' | ` +
    "$R enable - && sed -n 4,6p binfmt-dispatcher-at",
    "offset 253\nmagic 3a0a00\nmask fffffe\n",
  ],
  [
    "restore registers the links' lines, but no other lines in /etc/binfmt.d",
    `$R --root / enable $FILE ${LINES}/s390x.conf
echo ':other:E::other::/bin/true:' > /etc/binfmt.d/zz-binfmt-dispatcher-other.conf
ln -s /dev/null /etc/binfmt.d/zz-binfmt-dispatcher-masked.conf
$R restore; entries | sort; $R restore; entries | sort; $R unregister; entries; $R unregister`,
    `${ENTRY}\nbinfmt-dispatcher-s390x\n`.repeat(2),
  ],
  [
    "the entry of an interrupted replacement works until the replacement is finished",
    `$R enable $FILE; L=$(cat $FILE); printf %s ":$ENTRY-next:\${L#:*:}" >register; echo -1 >$ENTRY
entries; $P; $R restore; entries; $P; printf %s ":$ENTRY-next:\${L#:*:}" >register; $R disable $FILE
entries`,
    `${ENTRY}-next\nit runs\n${ENTRY}\nit runs\n`,
  ],
  [
    "a message says that binfmt_misc is switched off, and it stays so",
    "$R enable $FILE; echo 0 >status; $R enable $FILE; entries; $R disable $FILE; entries; " +
    "cat status",
    `binfmt-dispatcher: Cannot register programs: binfmt_misc is switched off
  To switch it on: echo 1 >/proc/sys/fs/binfmt_misc/status\n${ENTRY}\ndisabled\n`,
  ],
  [
    "a message says that the handler is not installed",
    `R=/usr/share/registrar; mount -t tmpfs none ${dirname(HANDLER)}; $R enable $FILE; entries`,
    `binfmt-dispatcher: Cannot register programs: ${HANDLER} is not installed
  Install binfmt-dispatcher again.\n`,
  ],
  [
    "a message says that binfmt_misc is read-only",
    "mount -o remount,bind,ro /proc/sys/fs/binfmt_misc; $R enable $FILE; ls -A /etc/binfmt.d",
    `binfmt-dispatcher: Cannot register programs: binfmt_misc is not writable
  Only root can register programs; for a container, only root on its host.\n`,
  ],
  [
    "a message says that binfmt_misc is not mounted",
    "$R enable $FILE; cd /; mount -t tmpfs none /proc/sys/fs/binfmt_misc; $R enable $FILE; " +
    "$R disable $FILE; ls -A /etc/binfmt.d",
    `binfmt-dispatcher: Cannot register programs: binfmt_misc is not mounted
  As root: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc (in a container: on its host)
`,
  ],
  [
    "lines with foreign names, flags, interpreters or places are refused",
    `for l in ':../x:E::x::${HANDLER}:P' ':qemu-x:E::x::${HANDLER}:P' ` +
    `':binfmt-dispatcher-x:E::x::/bin/true:P' ':binfmt-dispatcher-x:E::x::${HANDLER}:POC' ''
do echo "$l" | $R enable - 2>/dev/null; echo $?; done
$R enable /etc/passwd 2>/dev/null; echo $?; $R enable /none 2>/dev/null; echo $?; entries`,
    "1\n".repeat(7),
  ],
  [
    "nothing is registered if all directories are mounted noexec",
    `for d in /run/binfmt-dispatcher /dev/shm ${dirname(HANDLER)}
do mount -t tmpfs -o noexec none $d; done
cp /bin/true ${HANDLER}; sh ${SCRIPT} enable $FILE; entries; ls -A /etc/binfmt.d`,
    "binfmt-dispatcher: Cannot start a test program: none of these directories allows it: " +
    `/run/binfmt-dispatcher /dev/shm ${dirname(HANDLER)}\n  Mount one of them without “noexec”.\n`,
  ],
];

for (const [name, script, seen] of CASES) {
  test({
    name,
    needs: NEEDS,
    fn: async () => {
      using here = world();
      const { stdout, stderr } = await run(here, `exec 2>&1\n${script}`);
      assertEquals(stdout + stderr, seen);
    },
  });
}

/** Starts a program in a loop while the registrar replaces its entry again and again. */
const UPGRADES = `
$R enable $FILE
( while [ ! -e /run/done ]; do $P || echo "a start failed"; done ) >/run/starts 2>&1 &
i=0; while [ $i -lt 20 ] || [ $(wc -l </run/starts) -lt 40 ]; do
  $R restore || echo "restore failed"; i=$((i+1))
done
touch /run/done; wait
sort -u /run/starts; entries
`;

test({
  name: "no start fails while each shell replaces the entry",
  needs: [...NEEDS, "apt"],
  fn: async (t) => {
    for (const [name, shell] of await shells()) {
      using here = world();
      await t.step(name, () => expect(here, UPGRADES, `it runs\n${ENTRY}\n`, shell));
    }
  },
});

const SIDE_BY_SIDE = `
for n in 1 2 3 4; do $R enable $FILE & $R restore & done; wait
entries; readlink $LINK; $P; ls /run/binfmt-dispatcher
for n in 1 2 3 4; do $R disable $FILE & done; wait; entries; ls /etc/binfmt.d
`;

test({
  name: "several registrars at once leave the same as one",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    await expect(here, SIDE_BY_SIDE, `${ENTRY}\n${FILE}\nit runs\nroutes-${FORMAT_VERSION}\n`);
  },
});
