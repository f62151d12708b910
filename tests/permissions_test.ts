// Shows docs/security.md#a-hostile-environment
/** The compiled program's permissions: each is needed, and all else is refused. */
import { assert, assertEquals } from "@std/assert";
import { denoCompile, PROGRAM } from "../tasks/compile.ts";
import { permissionFlags, PERMISSIONS, type PermissionSet } from "../tasks/permissions.ts";
import { ROOT } from "../tasks/start.ts";
import { inTemporaryDirectory } from "../tasks/temporary_directory.ts";
import { test } from "./abilities.ts";
import { asUser } from "./become.ts";
import { filesBelow } from "./files_below.ts";

/** The programs that may be started; docs/permissions.md says why. */
const PROGRAMS = [
  ...["apt-cache", "apt-get", "dnf", "dnf5", "kdialog", "muvm", "pacman", "pkexec", "pkttyagent"],
  ...["rpm-ostree", "xdg-terminal-exec", "zenity", "zypper"],
].map((name) => `/usr/bin/${name}`).concat("/usr/libexec/binfmt-dispatcher/handler");

/** What tests/probes/permissions.ts prints. */
interface Said {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly startable: readonly string[];
}

/** The attempts of the probe that succeed. */
const ALLOWED = ["read a file", "read HOME", "ask for the user", "run the handler"];

Deno.test("a program compiled with the permission flags can do only what they allow", () =>
  inTemporaryDirectory(async (directory) => {
    const probe = `${directory}/probe`;
    const source = `${ROOT}/tests/probes/permissions.ts`;
    const { success, text } = await denoCompile(source, probe, permissionFlags());
    assert(success, text);

    const given = `${directory}/given`;
    await Deno.mkdir(given);
    await Deno.writeTextFile(`${given}/kept`, "kept");
    const mode = (await Deno.stat(`${given}/kept`)).mode;
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    let connections = 0;
    const counted = (async () => {
      for await (const connection of listener) {
        connections++;
        connection.close();
      }
    })();

    const { stdout } = await new Deno.Command(probe, {
      args: [given, String(listener.addr.port), ...PROGRAMS, "/usr/bin/sudo", "/bin/pkexec.sh"],
      env: { BINFMT_TEST_OTHER: "secret", TMPDIR: given },
      stderr: "inherit",
    }).output();
    listener.close();
    await counted;

    const said: Said = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(said.startable, PROGRAMS);
    const { outcomes } = said;
    for (const [what, outcome] of Object.entries(outcomes)) {
      const expected = what === "import from the network"
        ? /^TypeError: Module not found/ // only what was compiled in can be imported
        : ALLOWED.includes(what)
        ? /^allowed$/
        : /^refused$/;
      assert(expected.test(outcome), `${what}: ${outcome}`);
    }
    assert(Object.keys(outcomes).length > 25);
    assertEquals(connections, 0);
    assertEquals([...Deno.readDirSync(given)].map(({ name }) => name), ["kept"]);
    assertEquals((await Deno.stat(`${given}/kept`)).mode, mode);
  }));

/** Starts the program from its sources as a user with a layer; this takes no compilation. */
async function start(permissions: PermissionSet, args: readonly string[], home: string) {
  const argv = [
    ...asUser(home),
    Deno.execPath(),
    ...["run", "--quiet", "--no-check", "--config", `${ROOT}/deno.json`],
    ...permissionFlags(permissions),
    ...[`${ROOT}/main.ts`, ...args],
  ];
  const { code, stdout, stderr } = await new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    env: { HOME: home, XDG_CONFIG_HOME: "", DENO_DIR },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Deno's cache, which is below HOME by default. */
const DENO_DIR = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;

/** For each kind of permission a command that fails without it. */
const NEEDS: Readonly<Record<string, { readonly args: readonly string[]; readonly says: RegExp }>> =
  {
    read: { args: ["config", "show"], says: /of_the_user/ },
    env: { args: ["config", "show"], says: /of_the_user/ },
    sys: { args: ["config", "show"], says: /of_the_user/ },
    run: { args: ["run", "/bin/true"], says: /^(?![^]*this program may not start)/ },
  };

Deno.test("each kind of permission has a test that takes it away", () => {
  assertEquals(Object.keys(NEEDS).sort(), Object.keys(PERMISSIONS).sort());
});

for (const [kind, { args, says }] of Object.entries(NEEDS)) {
  const fn = () =>
    inTemporaryDirectory(async (home) => {
      const directory = `${home}/.config/binfmt-dispatcher`;
      await Deno.mkdir(directory, { recursive: true });
      const layer = '[interpreters.of_the_user]\npath = "/usr/bin/true"\n';
      await Deno.writeTextFile(`${directory}/binfmt-dispatcher.toml`, layer);
      const whole = await start(PERMISSIONS, args, home);
      assert(says.test(whole.text), whole.text);
      const less = await start({ ...PERMISSIONS, [kind]: false }, args, home);
      assert(!says.test(less.text), less.text);
    });
  test({
    name: `without --allow-${kind}, “${args.join(" ")}” does not work`,
    // Root's Deno and its cache are in root's home.
    needs: Deno.uid() === 0 ? ["user namespaces"] : [],
    fn,
  });
}

test({
  name: "without --no-code-cache and --no-prompt a program writes to TMPDIR and asks a question",
  needs: ["strace"],
  fn: () =>
    inTemporaryDirectory(async (directory) => {
      const probe = `${directory}/probe`;
      const source = `${ROOT}/tests/probes/permissions.ts`;
      const flags = permissionFlags().filter((flag) => !/^--no-/.test(flag));
      assertEquals(flags.length, permissionFlags().length - 2);
      const { success, text } = await denoCompile(source, probe, flags);
      assert(success, text);
      const tmp = `${directory}/tmp`;
      await Deno.mkdir(tmp);
      // script(1) gives it a terminal; without one Deno never asks.
      const command = `strace -f -o ${directory}/trace -e trace=openat ${probe} ${tmp} 1`;
      const child = new Deno.Command("script", {
        args: ["-q", "-e", "-c", command, "/dev/null"],
        env: { TMPDIR: tmp, NO_COLOR: "1" },
        signal: AbortSignal.timeout(60_000), // a question that does not come must not hang the test
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let said = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        said += chunk;
        if (/Deno requests \w+ access/.test(said)) break;
      }
      child.kill(); // hangs the terminal up, too
      await child.stdin.close();
      await child.status;
      assert(/Deno requests \w+ access/.test(said), said);
      const opened = await Deno.readTextFile(`${directory}/trace`);
      assert(opened.includes(`"${tmp}/deno-compile-`), "no code cache was opened");
    }),
});

Deno.test("the program asks for every variable that it may read", async () => {
  const asked = (await Promise.all(
    [...filesBelow(`${ROOT}/lib`)].map((path) => Deno.readTextFile(path)),
  )).join("\n");
  const named = PERMISSIONS["env"];
  assert(Array.isArray(named));
  assertEquals(named.filter((name) => !asked.includes(`"${name}"`)), []);
});

Deno.test("docs/permissions.md has each program and variable, and no other", async () => {
  const page = await Deno.readTextFile(`${ROOT}/docs/permissions.md`);
  for (const kind of ["env", "run"]) {
    const [, item] = new RegExp(`^- \`--allow-${kind}=…\`:(.*?)^- `, "ms").exec(page)!;
    const named = [...item!.matchAll(/`([A-Z0-9_]+|\/[^`]+)`/g)].map(([, name]) => name!).sort();
    assertEquals(named, PERMISSIONS[kind]);
  }
});

/** The system calls of a start as strace shows them, by name and with their first string. */
async function trace(directory: string, args: readonly string[]) {
  const log = `${directory}/trace`;
  const home = `${directory}/home`;
  for (const name of [home, `${directory}/tmp`, `${directory}/deno`]) await Deno.mkdir(name);
  await new Deno.Command("strace", {
    args: [
      ...["-f", "-qq", "-s", "4096", "-o", log],
      ...["-e", "trace=%file,%network,%process,memfd_create,ftruncate", PROGRAM, ...args],
    ],
    clearEnv: true,
    cwd: "/",
    env: {
      HOME: home,
      PATH: "/usr/bin:/bin",
      TMPDIR: `${directory}/tmp`,
      DENO_DIR: `${directory}/deno`,
      XDG_RUNTIME_DIR: `${directory}/tmp`,
    },
    stdout: "null",
    stderr: "null",
  }).output();
  const lines = (await Deno.readTextFile(log)).split("\n");
  return lines.flatMap((line) => {
    const [, call, rest] = line.match(/^\d+\s+(\w+)\((.*)$/) ?? [];
    if (call === undefined || rest === undefined) return [];
    return [{ call, rest, path: rest.match(/"((?:[^"\\]|\\.)*)"/)?.[1] ?? "", line }];
  });
}

test({
  name: "a start opens nothing below TMPDIR and DENO_DIR, and only the user's layer below HOME",
  needs: ["compiled", "strace"],
  fn: () =>
    inTemporaryDirectory(async (directory) => {
      const calls = await trace(directory, ["routes"]);
      assert(
        calls.some(({ path }) => path === "/etc/binfmt-dispatcher.toml"),
        "nothing was traced",
      );
      const layer = `${directory}/home/.config/binfmt-dispatcher`;
      const stray = calls.filter(({ path }) =>
        // The layer's parents are examined for links.
        path.startsWith(directory) && !`${layer}/binfmt-dispatcher.toml`.startsWith(path) ||
        /deno-compile|v8_code_cache/.test(path)
      );
      assertEquals(stray.map(({ line }) => line), []);
    }),
});

test({
  name: "a start writes nothing, opens no socket and starts nothing",
  needs: ["compiled", "strace"],
  fn: () =>
    inTemporaryDirectory(async (directory) => {
      const calls = await trace(directory, ["routes"]);
      const starts = calls.filter(({ call }) => call.startsWith("execve"));
      assertEquals(starts.map(({ path }) => path), [PROGRAM]);
      const writing = calls.filter(({ call, rest, path }) =>
        /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(rest) && !path.startsWith("/dev/") ||
        /^(?:mkdir|rmdir|unlink|rename|link|symlink|chmod|fchmodat|chown|truncate|mknod)/.test(call)
      );
      assertEquals(writing.map(({ line }) => line), []);
      const sockets = calls.filter(({ call }) => /^(?:socket|connect|bind|listen)$/.test(call));
      assertEquals(sockets.map(({ line }) => line), []);
    }),
});
