/**
 * packaging/recipes/install.sh against a server of our own, on a /usr and /run of its own: what it
 * puts there where all goes well, and that nothing is left there or in TMPDIR where something does
 * not.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { recipes } from "../../tasks/package/recipes.ts";
import { fileNames } from "../../tasks/package/file_names.ts";
import { ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { sums } from "../../tasks/package/sums.ts";
import { ROOT } from "../../tasks/start.ts";
import { PLAIN } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import deno from "../../deno.json" with { type: "json" };

const NEEDS: readonly Ability[] = ["overlays", "user namespaces", "curl"];

const { version: VERSION } = deno;
const OWN = ARCHITECTURES.find(({ machine }) => machine === Deno.build.arch)!;
const { deb, rpm, tarball } = fileNames(OWN);

/** How a server answers for a file. */
type Answer = (bytes: Uint8Array<ArrayBuffer>) => Response;

interface Case {
  /** How the server answers; by default with the file. */
  readonly answer?: Answer;
  /** Programs that the script finds first, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** What /etc/os-release says; by default a distribution that no package is for. */
  readonly distribution?: string;
  /** Options of the file system that /usr's new files stand on. */
  readonly space?: string;
  /** The command in front of the shell, which sets its user. */
  readonly who?: readonly string[];
  /** Where the script is cut off, as String.slice() takes it. */
  readonly cut?: number;
  /** Runs while the script waits for the server. */
  readonly meanwhile?: (script: Deno.ChildProcess) => void;
}

/** $1: the test's directory; $2: options for /usr's file system; then the command. */
const ENTER = `
set -eu
directory=$1 space=$2; shift 2
mount -t tmpfs -o "$space" none "$directory/layer"
mkdir "$directory/layer/upper" "$directory/layer/work"
lower=lowerdir=/usr,upperdir=$directory/layer/upper,workdir=$directory/layer/work
mount -t overlay overlay -o "userxattr,$lower" /usr
mount --bind "$directory/os-release" /etc/os-release
mount -t tmpfs none /run
trap : HUP INT TERM # which are the script's
status=0
"$@" || status=$?
echo "status $status"
(cd "$directory/layer/upper" && find . ! -type d | sort)
ls /run "$directory/tmp"
[ ! -x /usr/bin/binfmt-dispatcher ] || /usr/bin/binfmt-dispatcher
`;

/** A release with a small tarball, whose program says “new”. */
async function release(directory: string): Promise<void> {
  const files = `${directory}/files`;
  await Deno.mkdir(`${files}/usr/bin`, { recursive: true });
  await Deno.mkdir(`${files}/usr/share/binfmt-dispatcher`, { recursive: true });
  await Deno.writeTextFile(`${files}/usr/bin/binfmt-dispatcher`, "#!/bin/sh\necho new\n", {
    mode: 0o755,
  });
  const random = crypto.getRandomValues(new Uint8Array(60_000));
  await Deno.writeFile(`${files}/usr/share/binfmt-dispatcher/a file`, random);
  await Deno.mkdir(`${directory}/release`);
  for (const each of ARCHITECTURES) {
    for (const name of Object.values(fileNames(each))) {
      await Deno.writeTextFile(`${directory}/release/${name}`, `${name}\n`);
    }
  }
  const args = ["-czf", `${directory}/release/${tarball}`, "-C", files, "./usr"];
  await new Deno.Command("tar", { args }).output();
}

/** All that came of it: what was said, what stands in /usr, /run and TMPDIR, what was fetched. */
async function install(options: Case = {}): Promise<{ said: string; asked: string[] }> {
  const directory = await Deno.makeTempDir();
  const asked: string[] = [];
  const { promise: waiting, resolve: isAsked } = Promise.withResolvers<void>();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const name = new URL(request.url).pathname.slice(1);
    asked.push(name);
    isAsked();
    return (options.answer ?? ((bytes) => new Response(bytes)))(
      Deno.readFileSync(`${directory}/release/${name}`),
    );
  });
  try {
    await release(directory);
    const base = `http://127.0.0.1:${server.addr.port}`;
    const made = { repository: "owner/name", base, sums: await sums(`${directory}/release`) };
    const text = recipes(made).get("install.sh")!;
    await Deno.writeTextFile(`${directory}/install.sh`, text.slice(0, options.cut));
    for (const name of ["bin", "tmp", "layer"]) await Deno.mkdir(`${directory}/${name}`);
    await Deno.writeTextFile(
      `${directory}/os-release`,
      `ID=${options.distribution ?? "slackware"}\n`,
    );
    for (const [name, program] of Object.entries(options.programs ?? {})) {
      await Deno.writeTextFile(`${directory}/bin/${name}`, `#!/bin/sh\n${program}\n`, {
        mode: 0o755,
      });
    }
    const child = new Deno.Command("setsid", {
      args: [
        ...["unshare", "-Urm", "sh", "-c", ENTER, "sh", directory],
        ...[options.space ?? "size=10m", ...options.who ?? [], "sh", `${directory}/install.sh`],
      ],
      env: { PATH: `${directory}/bin:${Deno.env.get("PATH")}`, TMPDIR: `${directory}/tmp` },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (options.meanwhile !== undefined) {
      await waiting;
      options.meanwhile(child);
    }
    const { stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    const said = (decoder.decode(stderr) + decoder.decode(stdout)).replaceAll(
      directory,
      "DIRECTORY",
    )
      .replaceAll(base, "BASE");
    return { said, asked };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const SAYS_INSTALLED =
  `Installed binfmt-dispatcher ${VERSION}. See what you can enable: binfmt-dispatcher enable\n`;

/** Nothing of the release is anywhere. */
const NOTHING = "/run:\n\nDIRECTORY/tmp:\n";

test({
  name: "install.sh puts the tarball's files in place, over older ones, and leaves nothing else",
  needs: NEEDS,
  async fn() {
    const { said, asked } = await install();
    const files = "./bin/binfmt-dispatcher\n./share/binfmt-dispatcher/a file\n";
    const rest = "/run:\nbinfmt-dispatcher\n\nDIRECTORY/tmp:\nnew\n";
    assertEquals(said, `${SAYS_INSTALLED}status 0\n${files}${rest}`);
    assertEquals(asked, [tarball]);
  },
});

const BROKEN: readonly (readonly [name: string, options: Case, said: string])[] = [
  [
    "is cut off on its way",
    {
      answer: (bytes) => {
        const headers = { "content-length": `${bytes.length}` };
        const body = new ReadableStream({
          start(controller) {
            controller.enqueue(bytes.subarray(0, 1000));
            controller.error(new Error("cut"));
          },
        });
        return new Response(body, { headers });
      },
    },
    `install.sh: Cannot fetch BASE/${tarball}: see above\n  Nothing was installed. Try again.\n`,
  ],
  [
    "arrives shorter than it was",
    { answer: (bytes) => new Response(bytes.subarray(0, 1000)) },
    `install.sh: Cannot install ${tarball}: its SHA-256 is not the release's\n` +
    "  Nothing was installed. Try again.\n",
  ],
  [
    "arrives with one other bit",
    { answer: (bytes) => new Response(bytes.with(1000, bytes[1000]! ^ 1)) },
    `install.sh: Cannot install ${tarball}: its SHA-256 is not the release's\n` +
    "  Nothing was installed. Try again.\n",
  ],
  [
    "is not there",
    { answer: () => new Response("no", { status: 404 }) },
    `install.sh: Cannot fetch BASE/${tarball}: see above\n  Nothing was installed. Try again.\n`,
  ],
  [
    "has an attestation that does not hold",
    { programs: { gh: '[ "$1" = auth ]' } },
    `install.sh: Cannot install ${tarball}: its attestation does not hold\n` +
    "  Nothing was installed.\n",
  ],
  [
    "has no room in /usr",
    { space: "size=48k" },
    `install.sh: Cannot unpack ${tarball} in /usr: see above\n` +
    "  Nothing was installed. Make room there and try again.\n",
  ],
];

for (const [name, options, expected] of BROKEN) {
  test({
    name: `install.sh installs nothing where the tarball ${name}`,
    needs: NEEDS,
    async fn() {
      const { said } = await install(options);
      assert(said.includes(expected), said);
      assert(said.endsWith(`status 1\n${NOTHING}`), said);
    },
  });
}

test({
  name: "install.sh says what to do where root does not run it, and fetches nothing",
  needs: NEEDS,
  async fn() {
    const { said, asked } = await install({ who: PLAIN });
    const expected = "install.sh: Cannot install: you are not root\n" +
      "  Run it as root: sudo sh install.sh\n";
    assertEquals(said, `${expected}status 1\n${NOTHING}`);
    assertEquals(asked, []);
  },
});

test({
  name: "install.sh that is interrupted leaves nothing behind",
  needs: NEEDS,
  async fn() {
    for (const signal of ["INT", "TERM", "HUP"]) {
      const { said } = await install({
        answer: () => new Response(new ReadableStream()), // that never ends
        meanwhile: ({ pid }) => {
          new Deno.Command("kill", { args: [`-${signal}`, "--", `-${pid}`] }).outputSync();
        },
      });
      assert(said.endsWith(`status 130\n${NOTHING}`), said);
    }
  },
});

test({
  name: "install.sh that is cut off anywhere does nothing",
  needs: NEEDS,
  async fn() {
    const { length } = await Deno.readTextFile(`${ROOT}/packaging/recipes/install.sh`);
    const ends = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => Math.floor(length * part));
    for (const cut of [...ends, -2]) { // -2: “mai”
      const { said, asked } = await install({ cut });
      assertEquals(asked, []);
      assert(said.endsWith(NOTHING), said);
    }
  },
});

const MANAGERS: readonly (readonly [distribution: string, file: string, command: string])[] = [
  ["debian", deb, "apt-get install -y"],
  ["fedora", rpm, "dnf install -y"],
  [
    '"opensuse-tumbleweed"\nID_LIKE="opensuse suse"',
    rpm,
    "zypper --non-interactive install " +
    "--allow-unsigned-rpm",
  ],
];

for (const [distribution, file, command] of MANAGERS) {
  const [program = ""] = command.split(" ");
  test({
    name: `install.sh has ${program} install the package where that is the distribution's`,
    needs: NEEDS,
    async fn() {
      const fake = `echo ${program} "$*"`;
      const { said, asked } = await install({ distribution, programs: { [program]: fake } });
      const expected = new RegExp(
        `^${command} DIRECTORY/tmp/\\S*/${file.replaceAll(".", "\\.")}\n`,
      );
      assertMatch(said, expected);
      assert(said.endsWith(`${SAYS_INSTALLED}status 0\n${NOTHING}`), said);
      assertEquals(asked, [file]);

      const failing = await install({ distribution, programs: { [program]: "exit 3" } });
      assertEquals(
        failing.said,
        `install.sh: Cannot install ${file}: ${program} failed, see above\n` +
          `  Fix that and try again.\nstatus 1\n${NOTHING}`,
      );
    },
  });
}

test({
  name: "install.sh asks gh for the attestation of what it fetched where gh is logged in",
  needs: NEEDS,
  async fn() {
    const gh = 'if [ "$1" = auth ]; then [ -n "$LOGGED_IN" ]; else echo gh "$*"; fi';
    const { said } = await install({ programs: { gh: `LOGGED_IN=yes; ${gh}` } });
    assertMatch(said, /^gh attestation verify DIRECTORY\/tmp\/\S*\.tar\.gz --repo owner\/name\n/);
    const without = await install({ programs: { gh: `LOGGED_IN=; ${gh}` } });
    assert(without.said.startsWith(SAYS_INSTALLED), without.said);
  },
});

test({
  name: "shellcheck finds nothing in install.sh",
  needs: ["shellcheck"],
  async fn() {
    const args = ["packaging/recipes/install.sh"];
    const { stdout } = await new Deno.Command("shellcheck", { args, cwd: ROOT }).output();
    assertEquals(new TextDecoder().decode(stdout), "");
  },
});
