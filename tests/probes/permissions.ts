/**
 * Tries what the program must not be able to do, and some of what it may; compiled with the
 * program's own flags. Arguments: a writable directory, an open port, and programs that it may be
 * able to start. Prints the outcomes as JSON.
 */

const [directory = "", port = "", ...candidates] = Deno.args;

type Attempt = () => unknown;

const read = (name: string): Attempt => () => Deno.env.get(name);
const start = (program: string): Attempt => () =>
  new Deno.Command(program, { stdout: "null", stderr: "null" }).outputSync();
const remote = (url: string): Attempt => () => import(url);

/** An attempt that throws NotFound was allowed. */
const ATTEMPTS: Record<string, Attempt> = {
  "write a file": () => Deno.writeTextFileSync(`${directory}/written`, ""),
  "make a directory": () => Deno.mkdirSync(`${directory}/made`),
  "make a temporary file": () => Deno.makeTempFileSync(),
  "make a link": () => Deno.symlinkSync("/", `${directory}/link`),
  "remove a file": () => Deno.removeSync(`${directory}/kept`),
  "rename a file": () => Deno.renameSync(`${directory}/kept`, `${directory}/renamed`),
  "change a file's mode": () => Deno.chmodSync(`${directory}/kept`, 0o777),
  "open a file for writing": () => Deno.openSync(`${directory}/kept`, { write: true }),
  "connect": () => Deno.connect({ hostname: "127.0.0.1", port: Number(port) }),
  "fetch": () => fetch(`http://127.0.0.1:${port}/`),
  "listen": () => Deno.listen({ port: 0 }),
  "connect to a local socket": () =>
    Deno.connect({ transport: "unix", path: `${directory}/socket` }),
  "resolve a name": () => Deno.resolveDns("localhost", "A"),
  "import from the network": remote(`http://127.0.0.1:${port}/module.ts`),
  "run another program": start("/bin/true"),
  "run a shell": start("/bin/sh"),
  "run a handler elsewhere": start("/tmp/handler"),
  "run a pkexec elsewhere": start(`${directory}/pkexec`),
  "run su": start("/usr/bin/su"),
  "load a library": () => Deno.dlopen("libc.so.6", {}),
  "read another variable": read("BINFMT_TEST_OTHER"),
  "read LD_PRELOAD": read("LD_PRELOAD"),
  "read who called pkexec": read("PKEXEC_UID"),
  "read all variables": () => Deno.env.toObject(),
  "set a variable": () => Deno.env.set("BINFMT_TEST_OTHER", "x"),
  "ask for the host's name": () => Deno.hostname(),
  "ask for the network's interfaces": () => Deno.networkInterfaces(),
  "send a signal": () => Deno.kill(Deno.pid, "SIGCONT"),
  "ask for a permission": async () => {
    const { state } = await Deno.permissions.request({ name: "write" });
    if (state !== "granted") throw new Deno.errors.NotCapable();
  },
  "read a file": () => Deno.readTextFileSync(`${directory}/kept`),
  "read HOME": read("HOME"),
  "ask for the user": () => Deno.uid(),
  "run the handler": start("/usr/libexec/binfmt-dispatcher/handler"),
};

/** The installed programs and the candidates. */
function* programs(): Generator<string> {
  yield* candidates;
  for (const place of ["/usr/bin", "/usr/sbin", "/usr/libexec", "/usr/local/bin", "/usr/lib"]) {
    try {
      for (const { name } of Deno.readDirSync(place)) yield `${place}/${name}`;
    } catch {
      // There is no such directory.
    }
  }
}

/** The programs that may be started; queried only, since package managers are among them. */
function startable(): string[] {
  const may = (command: string) =>
    Deno.permissions.querySync({ name: "run", command }).state === "granted";
  return [...new Set(programs())].filter(may).sort();
}

const outcomes: Record<string, string> = {};
for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  try {
    await attempt();
    outcomes[name] = "allowed";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) outcomes[name] = "allowed";
    else if (error instanceof Deno.errors.NotCapable) outcomes[name] = "refused";
    else outcomes[name] = String(error);
  }
}
Deno.stdout.writeSync(
  new TextEncoder().encode(JSON.stringify({ outcomes, startable: startable() })),
);
