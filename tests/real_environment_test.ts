import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { HANDLER } from "../lib/paths.ts";
import { RealEnvironment } from "../lib/real_environment.ts";
import { inTemporaryDirectory } from "../tasks/temporary_directory.ts";
import { headersOf } from "./programs.ts";

const text = (bytes: Uint8Array | string) =>
  typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);

Deno.test("RealEnvironment reads parts of files, and says why it cannot", () =>
  inTemporaryDirectory((directory) => {
    const environment = new RealEnvironment("");
    assertEquals(environment.root, "");
    Deno.writeTextFileSync(`${directory}/file`, "0123456789");
    assertEquals(text(environment.read(`${directory}/file`, 0, 4)), "0123");
    assertEquals(text(environment.read(`${directory}/file`, 8, 100)), "89");
    assertEquals(text(environment.read(`${directory}/file`, 99, 100)), "");
    assertEquals(
      text(environment.read(`${directory}/file`, 0, Number.MAX_SAFE_INTEGER)).length,
      10,
    );
    assertEquals(environment.read(`${directory}/none`, 0, 4), "absent");
    assertEquals(environment.read(`${directory}/file/x`, 0, 4), "absent");
    assertEquals(environment.read(directory, 0, 4), "unreadable");
    assertEquals(environment.read(`${directory}/a\0b`, 0, 4), "unreadable");
    assertEquals(environment.read(`/${"x".repeat(5000)}`, 0, 4), "unreadable");
  }));

Deno.test("RealEnvironment does not wait for a FIFO's writer, and reads no devices", () =>
  inTemporaryDirectory((directory) => {
    const environment = new RealEnvironment("");
    assert(new Deno.Command("mkfifo", { args: [`${directory}/fifo`] }).outputSync().success);
    assertEquals(environment.read(`${directory}/fifo`, 0, 4), "unreadable");
    assertEquals((environment.stat(`${directory}/fifo`) as { kind: string }).kind, "other");
    assertEquals(environment.read("/dev/zero", 0, 4), "unreadable");
    Deno.symlinkSync("/dev/null", `${directory}/masked`);
    assertEquals((environment.stat(`${directory}/masked`) as { kind: string }).kind, "other");
  }));

Deno.test("RealEnvironment gives a file's facts, links and a directory's names", () =>
  inTemporaryDirectory((directory) => {
    const environment = new RealEnvironment("");
    Deno.writeTextFileSync(`${directory}/file`, "abc");
    Deno.chmodSync(`${directory}/file`, 0o4751);
    Deno.symlinkSync("file", `${directory}/link`);
    const facts = environment.stat(`${directory}/link`);
    assert(typeof facts !== "string");
    assertEquals([facts.kind, facts.size, facts.mode], ["file", 3, 0o4751]);
    assertEquals(facts.uid, environment.uid());
    assertEquals(environment.stat(`${directory}/file`), facts);
    assertEquals(environment.readLink(`${directory}/link`), "file");
    assertEquals(environment.readLink(`${directory}/file`), undefined);
    assertEquals(environment.realPath(`${directory}/link`), `${directory}/file`);
    assertEquals(environment.realPath(`${directory}/none`), undefined);
    for (const name of ["b", "a", "\u{1f600}", "\uffee"]) {
      Deno.mkdirSync(`${directory}/names/${name}`, { recursive: true });
    }
    // By code point, not by UTF-16 unit.
    assertEquals(environment.list(`${directory}/names`, 10), ["a", "b", "\uffee", "\u{1f600}"]);
    assertEquals((environment.list(`${directory}/names`, 2) as string[]).length, 2);
    assertEquals(environment.list(`${directory}/none`, 10), "absent");
  }));

Deno.test("RealEnvironment stays below its root despite links and ..", () =>
  inTemporaryDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/secret`, "outside");
    const root = `${directory}/root`;
    for (const path of ["etc/deep", "usr/bin"]) {
      Deno.mkdirSync(`${root}/${path}`, { recursive: true });
    }
    Deno.writeTextFileSync(`${root}/etc/file`, "inside");
    Deno.writeTextFileSync(`${root}/secret`, "root's own");
    Deno.symlinkSync("/etc/file", `${root}/usr/absolute`);
    Deno.symlinkSync("../../../../secret", `${root}/etc/deep/up`);
    Deno.symlinkSync(`${directory}/secret`, `${root}/out`);
    Deno.symlinkSync("loop", `${root}/loop`);
    Deno.symlinkSync("/etc", `${root}/directory`);
    const environment = new RealEnvironment(`${root}/`);
    assertEquals(environment.root, root);
    assertEquals(text(environment.read("/usr/absolute", 0, 99)), "inside");
    assertEquals(text(environment.read("/etc/deep/up", 0, 99)), "root's own");
    assertEquals(text(environment.read("/../../secret", 0, 99)), "root's own");
    assertEquals(text(environment.read("/directory/../secret", 0, 99)), "root's own");
    assertEquals(environment.read("/out", 0, 99), "absent");
    assertEquals(environment.read("/loop", 0, 99), "unreadable");
    assertEquals(environment.realPath("/directory/deep/up"), "/secret");
    assertEquals(environment.realPath("/etc/none"), undefined);
    assertEquals(environment.realPath("/"), "/");
    assertEquals(environment.readLink("/directory"), "/etc");
    assertEquals(environment.list("/directory", 10), ["deep", "file"]);
    assertEquals(environment.stat("/none/x"), "absent");
  }));

Deno.test("RealEnvironment gives the variables that may be read", () => {
  const environment = new RealEnvironment("/");
  assertEquals(environment.root, "");
  assertEquals(environment.variable("BINFMT_DISPATCHER_NONE"), undefined);
  assertEquals(environment.variable("PATH"), Deno.env.get("PATH"));
  assertEquals(environment.variable(""), undefined);
  assertEquals(environment.variable("A=B"), undefined);
});

Deno.test("RealEnvironment knows the running system", async () => {
  const environment = new RealEnvironment("");
  const said = async (program: string, ...args: string[]) => {
    const { stdout } = await new Deno.Command(program, { args }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals(String(environment.pageSize()), await said("getconf", "PAGESIZE"));
  assertEquals(environment.machine(), await said("uname", "-m"));
  assertEquals(String(environment.uid()), await said("id", "-u"));
  assertEquals(environment.workingDirectory(), Deno.cwd());
  assertEquals(environment.isTerminal(0), Deno.stdin.isTerminal());
});

Deno.test("RealEnvironment finds another root's machine by its programs, or takes `host`", () =>
  inTemporaryDirectory((root) => {
    const machine = (host?: string) => new RealEnvironment(root, { host }).machine();
    assertEquals(machine(), Deno.build.arch);
    Deno.mkdirSync(`${root}/usr/bin`, { recursive: true });
    Deno.symlinkSync("usr/bin", `${root}/bin`);
    const write = (path: string, name: string) => Deno.writeFileSync(root + path, headersOf(name));
    write("/usr/bin/sh", "riscv64");
    assertEquals(machine(), Deno.build.arch, "riscv64 is not a supported host");
    for (const name of ["x86_64", "aarch64"]) {
      write("/usr/bin/sh", name);
      assertEquals(machine(), name);
    }
    Deno.mkdirSync(dirname(root + HANDLER), { recursive: true });
    write(HANDLER, "x86_64");
    assertEquals(machine(), "x86_64");
    assertEquals(machine("aarch64"), "aarch64");
  }));
