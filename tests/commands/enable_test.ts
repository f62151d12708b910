/** enable and disable, compiled, on the real kernel. */
import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { ADMIN_LAYER, HANDLER, LINES, LINKS, REGISTRAR } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import { speaker } from "../programs.ts";
import { FOREIGN } from "../real/foreign.ts";

const NEEDS: readonly Ability[] = ["binfmt_misc", "compiled", "qemu-user-static"];
const ENTRY = `binfmt-dispatcher-${FOREIGN}`;
const FILE = `${LINES}/${FOREIGN}.conf`;
const LINK = `${LINKS}/zz-${ENTRY}.conf`;
const OTHER = "/usr/bin/another-emulator";

/** B is binfmt-dispatcher, P a foreign program. */
const PREPARE = `exec 2>&1; set -u
mkdir -p /run/links && mount --bind /run/links ${LINKS}
cd /proc/sys/fs/binfmt_misc
B=binfmt-dispatcher P=foreign-speaker FILE=${FILE}
entries() { for each in *; do case $each in register | status) ;; *) echo "$each" ;; esac; done; }
other() { # as an emulator's package registers itself
  L=$(grep ^: $FILE); L=\${L#:*:}; printf %s ":another:\${L%%:/*}:${OTHER}:" >register
}
`;

function world(): World {
  const made = new World();
  made.install();
  made.file("/usr/bin/foreign-speaker", speaker(FOREIGN as "aarch64", "it runs\n"), 0o755);
  made.file(OTHER, "#!/bin/sh\necho another emulator\n", 0o755);
  return made;
}

/** What a script prints on stdout and stderr. */
const CASES: readonly (readonly [name: string, script: string, seen: string])[] = [
  [
    "a machine's programs run after enable, not after disable, and each may be repeated",
    `$B enable ${FOREIGN} && $P && entries && readlink ${LINK} && $B enable ${FOREIGN} && $P
$B disable ${FOREIGN}; entries; ls -A ${LINKS}; $B disable ${FOREIGN}`,
    `${FOREIGN} programs go to binfmt-dispatcher now.\nit runs\n${ENTRY}\n${FILE}
${FOREIGN} programs go to binfmt-dispatcher now.\nit runs\n` +
    `Nothing runs ${FOREIGN} programs now.\n`.repeat(2),
  ],
  [
    "a competing entry is overridden, stays, and takes its programs again after disable",
    `other; $P; $B enable ${FOREIGN}; $P; $B disable ${FOREIGN}; $P; entries`,
    `another emulator
${FOREIGN} programs go to binfmt-dispatcher now.
  another (${OTHER}) took them before, and will again after “disable”.
it runs
${FOREIGN} programs go to another (${OTHER}) now.
another emulator
another\n`,
  ],
  [
    "an entry of others for a format, such as WSL's for MZ, is overridden in the same way",
    `printf %s ':WSLInterop:M::MZ::${OTHER}:PF' >register; $B enable dotnet; entries
$B disable windows; entries`,
    `windows programs go to binfmt-dispatcher now.
  WSLInterop (${OTHER}, PF) took them before, and will again after “disable”.
  No interpreter for them is installed. To install one: binfmt-dispatcher install --machine windows
WSLInterop
binfmt-dispatcher-windows
windows programs go to WSLInterop (${OTHER}, PF) now.
WSLInterop\n`,
  ],
  [
    "an administrator's own format is registered, and binfmt.d has its line in a file",
    `$B enable own && $B enable | grep ^own; grep ^: ${LINKS}/*; entries
rm ${ADMIN_LAYER} 2>/dev/null || mount --bind /dev/null ${ADMIN_LAYER}
$B disable own; entries; ls -A ${LINKS}; $B disable own`,
    `own programs go to binfmt-dispatcher now.
own           yes      runs-own     binfmt-dispatcher (POF)
:binfmt-dispatcher-own:M:4:\\x4f\\x57\\x4e:\\xff\\xff\\xff:${HANDLER}:POF
binfmt-dispatcher-own
Nothing runs own programs now.
binfmt-dispatcher: Cannot register “own”: no such machine or format
  “binfmt-dispatcher enable” lists all machines and formats.\n`,
  ],
  [
    "the host's own machine is refused, along with everything named beside it",
    `$B enable ${FOREIGN} ${Deno.build.arch}; echo $?; entries; ls -A ${LINKS}`,
    `binfmt-dispatcher: Cannot register “${Deno.build.arch}”: it is the host's own machine: ` +
    `all its programs would go to the handler, and the handler to itself\n2\n`,
  ],
  [
    "users other than root are told what to do",
    `unshare --map-user=1000 $B enable ${FOREIGN}; echo $?; entries`,
    `binfmt-dispatcher: Cannot enable “${FOREIGN}”: only root may write to binfmt_misc and ${LINKS}
  As root: binfmt-dispatcher enable ${FOREIGN}\n2\n`,
  ],
  [
    "a missing binfmt_misc is reported, with the registrar's status",
    `cd /; mount -t tmpfs none /proc/sys/fs/binfmt_misc; $B enable ${FOREIGN}; echo $?
ls -A ${LINKS}`,
    `binfmt-dispatcher: Cannot register programs: binfmt_misc is not mounted
  As root: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc (in a container: on its host)
1\n`,
  ],
  [
    "a missing registrar is reported, and nothing is done",
    `mount -t tmpfs none ${dirname(REGISTRAR)}; $B enable ${FOREIGN}; echo $?; entries`,
    `binfmt-dispatcher: Cannot enable “${FOREIGN}”: ${REGISTRAR} is not installed\n` +
    "  Install the package of binfmt-dispatcher.\n125\n",
  ],
  [
    "LD_PRELOAD and the shell's functions do not reach the registrar",
    `env 'BASH_FUNC_read%%=() { echo no; }' LD_PRELOAD=/nowhere.so $B disable ${FOREIGN} 2>&1 |
sed '/from LD_PRELOAD cannot/d'`,
    `Nothing runs ${FOREIGN} programs now.\n`,
  ],
];

const OWN_FORMAT = `[interpreters.runs-own]\npath = "${OTHER}"
[formats.own]\nmagic = "OWN"\noffset = 4\ninterpreter = "runs-own"\n`;

for (const [name, script, seen] of CASES) {
  test({
    name,
    needs: NEEDS,
    fn: async () => {
      using here = world();
      here.file(ADMIN_LAYER, OWN_FORMAT);
      const { stdout, stderr } = await here.run(["sh", "-c", PREPARE + script], { cwd: "/" });
      assertEquals(stdout + stderr, seen);
    },
  });
}

test({
  name: "enable without operands shows every machine and format except the host's own",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    const script =
      `${PREPARE} other; $B enable ${FOREIGN} >/dev/null; other 2>/dev/null; $B enable`;
    const { stdout } = await here.run(["sh", "-c", script], { cwd: "/" });
    const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
    assertEquals(rows[0], ["NAME", "ENABLED", "INTERPRETER", "KERNEL ENTRY"]);
    const row = (name: string) => rows.find(([first]) => first === name);
    assertEquals(row(FOREIGN), [FOREIGN, "yes", "QEMU", "binfmt-dispatcher (POF)"]);
    assertEquals(row("s390x"), ["s390x", "no", "QEMU", "–"]);
    assertEquals(row("jar"), ["jar", "no", "–", "–"]);
    assertEquals(row(Deno.build.arch), undefined);
    assert(rows.length > 30, stdout);
  },
});

test({
  name: "enable --root makes links in an image and reads the machine from the image's programs",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    here.file("/usr/image/usr/bin/sh", speaker("aarch64", "a shell\n"), 0o755);
    here.link("/usr/image/bin", "usr/bin");
    here.link(`/usr/image${LINES}`, `${here.directory}${LINES}`);
    const image = here.outside("/usr/image");
    here.file(`/usr/image${ADMIN_LAYER}`, '[formats.own]\nextension = "own"\n');
    const script = `exec 2>&1; export I=${image}; B=binfmt-dispatcher
$B enable own --root $I >/dev/null; grep -h ^: $I/etc/binfmt.d/*
$B disable own --root $I >/dev/null
$B --root $I enable x86_64; echo $?; $B --root $I enable aarch64 | head -1; ls $I/etc/binfmt.d
$B --root $I enable | grep x86_64; $B --root $I disable x86_64; ls -A $I/etc/binfmt.d
$B enable --host x86_64 --root $I x86_64 2>&1 | grep -o 'own machine'
$B explain --root $I /bin/sh --json | grep '"machine"'
$B explain --root $I --host x86_64 /bin/sh --json | grep '"machine"'
for host in '' '--host x86_64'; do $B config show --root $I $host | grep -m 1 ^interpreter; done
$B explain --root $I --host sparc /bin/sh
rm -r $I/etc/binfmt.d; ln -s /run $I/etc/binfmt.d; $B --root $I enable x86_64; ls -A /run`;
    const { stdout } = await here.run(["sh", "-c", script], { cwd: "/" });
    const booted = `once the system below ${image} has booted`;
    const own = "all its programs would go to the handler, and the handler to itself";
    assertEquals(
      stdout,
      `:binfmt-dispatcher-own:E::own::${HANDLER}:POF
x86_64 programs go to binfmt-dispatcher ${booted}.
0
binfmt-dispatcher: Cannot register “aarch64”: it is the host's own machine: ${own}
zz-binfmt-dispatcher-x86_64.conf
x86_64        yes      –            ?
x86_64 programs no longer go to binfmt-dispatcher ${booted}.
own machine
    "machine": "aarch64",
    "machine": "x86_64",
interpreter = ["fex", "box64", "qemu"]  # built in:6
interpreter = ["qemu"]  # built in:6
binfmt-dispatcher: Cannot understand “--host”: “sparc” is not one of x86_64, aarch64
  Try “binfmt-dispatcher explain --help”.
binfmt-dispatcher: Cannot write to /etc/binfmt.d: it is a symbolic link that may lead out of --root
binfmt-dispatcher
mount
`,
    );
  },
});
