/** packaging/recipes/install.sh with a local server, and with its own /usr, /run and TMPDIR. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { recipes } from "../../tasks/package/recipes.ts";
import { fileNames } from "../../tasks/package/file_names.ts";
import { ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { sums } from "../../tasks/package/sums.ts";
import { ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { PLAIN } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import deno from "../../deno.json" with { type: "json" };

const NEEDS: readonly Ability[] = ["overlays", "user namespaces", "curl"];

const { version: VERSION } = deno;
const OWN = ARCHITECTURES.find(({ machine }) => machine === Deno.build.arch)!;
const { deb, rpm, tarball } = fileNames(OWN);

/** The server's response to the request of a file. */
type Answer = (bytes: Uint8Array<ArrayBuffer>) => Response;

interface Case {
  /** By default the file. */
  readonly answer?: Answer;
  /** Scripts in front of the machine's programs, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** ID in /etc/os-release; by default a distribution without a package. */
  readonly distribution?: string;
  /** Options of the file system for /usr's new files. */
  readonly space?: string;
  /** The command in front of the shell, to set its user. */
  readonly who?: readonly string[];
  /** The end of a truncated script, for String.slice(). */
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
trap : HUP INT TERM # only the script's
status=0
"$@" || status=$?
echo "status $status"
(cd "$directory/layer/upper" && find . ! -type d | sort)
ls /run "$directory/tmp"
[ ! -x /usr/bin/binfmt-dispatcher ] || /usr/bin/binfmt-dispatcher
`;

/** Makes a release with a small tarball, whose program prints “new”. */
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
  await outputOf(["tar", "-czf", `${directory}/release/${tarball}`, "-C", files, "./usr"]);
}

interface Installation {
  /** Errors and output of the script, then the files in /usr, /run and TMPDIR. */
  readonly said: string;
  /** The files that the server was asked for. */
  readonly asked: readonly string[];
}

/** Runs install.sh. */
function install(options: Case = {}): Promise<Installation> {
  return inTemporaryDirectory(async (directory) => {
    await release(directory);
    const { promise: waiting, resolve: isAsked } = Promise.withResolvers<void>();
    const asked: string[] = [];
    const answer = options.answer ?? ((bytes) => new Response(bytes));
    const where = { port: 0, hostname: "127.0.0.1", onListen() {} };
    await using server = Deno.serve(where, (request) => {
      const name = new URL(request.url).pathname.slice(1);
      asked.push(name);
      isAsked();
      return answer(Deno.readFileSync(`${directory}/release/${name}`));
    });
    const base = `http://127.0.0.1:${server.addr.port}`;
    await prepare(directory, base, options);
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
    const said = decoder.decode(stderr) + decoder.decode(stdout);
    return { said: said.replaceAll(directory, "DIRECTORY").replaceAll(base, "BASE"), asked };
  });
}

/** Writes the script and what it finds. */
async function prepare(
  directory: string,
  base: string,
  { cut, distribution = "slackware", programs = {} }: Case,
): Promise<void> {
  const made = { repository: "owner/name", base, sums: await sums(`${directory}/release`) };
  const script = recipes(made).get("install.sh")!.slice(0, cut);
  await Deno.writeTextFile(`${directory}/install.sh`, script);
  for (const name of ["bin", "tmp", "layer"]) await Deno.mkdir(`${directory}/${name}`);
  await Deno.writeTextFile(`${directory}/os-release`, `ID=${distribution}\n`);
  for (const [name, program] of Object.entries(programs)) {
    const text = `#!/bin/sh\n${program}\n`;
    await Deno.writeTextFile(`${directory}/bin/${name}`, text, { mode: 0o755 });
  }
}

const SAYS_INSTALLED =
  `Installed binfmt-dispatcher ${VERSION}. See what you can enable: binfmt-dispatcher enable\n`;

/** /run and TMPDIR without any file of the release. */
const NOTHING = "/run:\n\nDIRECTORY/tmp:\n";

test({
  name: "install.sh installs the tarball's files and leaves nothing else",
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
    "is cut off during the download",
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
    "arrives truncated",
    { answer: (bytes) => new Response(bytes.subarray(0, 1000)) },
    `install.sh: Cannot install ${tarball}: its SHA-256 is not the release's\n` +
    "  Nothing was installed. Try again.\n",
  ],
  [
    "arrives with a changed bit",
    { answer: (bytes) => new Response(bytes.with(1000, bytes[1000]! ^ 1)) },
    `install.sh: Cannot install ${tarball}: its SHA-256 is not the release's\n` +
    "  Nothing was installed. Try again.\n",
  ],
  [
    "is missing",
    { answer: () => new Response("no", { status: 404 }) },
    `install.sh: Cannot fetch BASE/${tarball}: see above\n  Nothing was installed. Try again.\n`,
  ],
  [
    "has an invalid attestation",
    { programs: { gh: '[ "$1" = auth ]' } },
    `install.sh: Cannot install ${tarball}: its attestation does not hold\n` +
    "  Nothing was installed.\n",
  ],
  [
    "does not fit into /usr",
    { space: "size=48k" },
    `install.sh: Cannot unpack ${tarball} in /usr: see above\n` +
    "  Nothing was installed. Make room there and try again.\n",
  ],
];

for (const [name, options, expected] of BROKEN) {
  test({
    name: `install.sh installs nothing if the tarball ${name}`,
    needs: NEEDS,
    async fn() {
      const { said } = await install(options);
      assert(said.includes(expected), said);
      assert(said.endsWith(`status 1\n${NOTHING}`), said);
    },
  });
}

test({
  name: "install.sh without root says what to do, and fetches nothing",
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
  name: "install.sh leaves nothing behind if it is interrupted",
  needs: NEEDS,
  async fn() {
    for (const signal of ["INT", "TERM", "HUP"]) {
      const { said } = await install({
        answer: () => new Response(new ReadableStream()), // never ends
        meanwhile: ({ pid }) => {
          new Deno.Command("kill", { args: [`-${signal}`, "--", `-${pid}`] }).outputSync();
        },
      });
      assert(said.endsWith(`status 130\n${NOTHING}`), said);
    }
  },
});

test({
  name: "install.sh does nothing if it is cut off anywhere",
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
    name: `install.sh has ${program} install the package on its distributions`,
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
  name: "install.sh has gh check the attestation if gh is logged in",
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
    await outputOf(["shellcheck", "packaging/recipes/install.sh"], { cwd: ROOT });
  },
});
