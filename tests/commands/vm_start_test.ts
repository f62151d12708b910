import { assert, assertEquals } from "@std/assert";
import { startMachine } from "../../lib/commands/vm_start.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

/** In milliseconds, with room for a machine under load. */
const PATIENCE = { pause: 20, failing: 300, booting: 20_000 };

/** A stand-in for muvm: a script in a directory of its own, which is $D in it. */
class Muvm {
  readonly directory = Deno.makeTempDirSync({ prefix: "muvm-" });

  constructor(script: string) {
    const path = `${this.directory}/muvm`;
    const log = 'echo "$$ $*" >> $D/log';
    Deno.writeTextFileSync(path, `#!/bin/sh\nD=${this.directory}\n${log}\n${script}\n`);
    Deno.chmodSync(path, 0o755);
    Deno.writeTextFileSync(`${this.directory}/log`, "");
  }

  /** Process IDs of the starts that still run. */
  get alive(): string[] {
    return this.log.map((line) => line.split(" ")[0]!).filter((pid) => {
      try {
        return /^State:\s+[^ZX]/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
      } catch {
        return false;
      }
    });
  }

  get log(): string[] {
    return Deno.readTextFileSync(`${this.directory}/log`).split("\n").slice(0, -1);
  }

  /** Why the start failed, or "up". */
  async start(patience = {}, more = "", system: FakeSystem = {}): Promise<string> {
    const layer = `[muvm]\npath = "${this.directory}/muvm"\n${more}`;
    const environment = new FakeEnvironment({
      files: { "/etc/binfmt-dispatcher.toml": layer },
      variables: { HOME: "/home/u", XDG_RUNTIME_DIR: this.directory },
      uid: 1000,
      ...system,
    });
    const result = await startMachine(environment, { ...PATIENCE, ...patience });
    if (result.ok) return "up";
    assertEquals(result.failure.what, "start muvm's virtual machine");
    return result.failure.why.replaceAll(this.directory, "$D");
  }

  [Symbol.dispose](): void {
    for (const pid of this.alive) Deno.kill(Number(pid), "SIGKILL");
    Deno.removeSync(this.directory, { recursive: true });
  }
}

/** The first start becomes the machine, which accepts programs once $D/up exists. */
const MACHINE = `
if mkdir $D/lock; then sleep 0.3; touch $D/up; exec sleep 60; fi 2>/dev/null
[ -e $D/up ]
`;

/** Without sanitizers: a machine outlives its command, and may end during a later test. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

test(
  "startMachine() waits until the machine accepts programs, and leaves it running",
  async () => {
    using muvm = new Muvm(MACHINE);
    assertEquals(await muvm.start({}, "linger = 7"), "up");
    assert(muvm.log.length > 1);
    assertEquals(new Set(muvm.log.map((line) => line.replace(/^\d+ /, ""))).size, 1);
    assert(muvm.log[0]!.endsWith(" -- /usr/bin/sleep 7"), muvm.log[0]);
    assertEquals(muvm.alive.length, 1);
  },
);

test("startMachine() asks a running machine once, and keeps it for at least a second", async () => {
  using muvm = new Muvm("exit 0");
  assertEquals(await muvm.start({}, "linger = 0"), "up");
  assertEquals(muvm.log.map((line) => line.replace(/^\d+ /, "")), ["-- /usr/bin/sleep 1"]);
});

test("startMachine() asks again while another machine boots", async () => {
  using muvm = new Muvm('[ "$(wc -l < $D/log)" -gt 3 ]');
  assertEquals(await muvm.start({ failing: 20_000 }), "up");
  // Slow attempts overlap, so one more may have begun.
  assert(muvm.log.length >= 4);
});

test("startMachine() says how muvm fails", async () => {
  using muvm = new Muvm("exit 3");
  assertEquals(await muvm.start(), "$D/muvm exited with status 3");
  // Also if muvm takes longer than the pause between two attempts.
  using slow = new Muvm("sleep 0.1; exit 4");
  assertEquals(await slow.start(), "$D/muvm exited with status 4");
});

test("startMachine() kills a machine that does not answer", async () => {
  using muvm = new Muvm("exec sleep 60");
  assertEquals(await muvm.start({ booting: 500 }), "it does not answer");
  assertEquals(muvm.log.length, 2);
  for (let looks = 0; muvm.alive.length > 0 && looks < 500; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(muvm.alive, []);
});

test("startMachine() says what is missing", async () => {
  using muvm = new Muvm("exit 0");
  assertEquals(await muvm.start({}, "", { uid: 0 }), "muvm refuses root");
  assertEquals(await muvm.start({}, "", { variables: {} }), "muvm needs XDG_RUNTIME_DIR");
  const relative = { variables: { XDG_RUNTIME_DIR: "run" } };
  assertEquals(await muvm.start({}, "", relative), "muvm needs XDG_RUNTIME_DIR");
  const homeless = { variables: { XDG_RUNTIME_DIR: muvm.directory } };
  assertEquals(await muvm.start({}, "", homeless), "muvm needs HOME");
  Deno.renameSync(`${muvm.directory}/muvm`, `${muvm.directory}/other`);
  assertEquals(await muvm.start(), "$D/muvm is not installed");
  assertEquals(muvm.log, []);
});
