// Shows docs/security.md#a-hostile-program-file
import { assert, assertEquals } from "@std/assert";
import { speaker } from "../programs.ts";
import { HOST, Stage } from "./stage.ts";

Deno.test("messages contain no control characters", async () => {
  using stage = new Stage();
  const { stderr } = await stage.handle([stage.path("\x1b[31m\r\x07missing\x7f")]);
  assert(stderr.includes("/?[31m??missing?”"), JSON.stringify(stderr));
  const letters = "\x80\x9b31m\x9f\xa0é\u2027\u2028\u202e\u202f\u2065\u2066\u2069\u206a“€";
  const told = (await stage.handle([stage.path(letters)])).stderr;
  assert(told.includes("/¿¿31m¿\xa0é\u2027……\u202f\u2065⁇⁇\u206a“€”"), JSON.stringify(told));
});

Deno.test("messages contain no C1 control as a single byte", async () => {
  using stage = new Stage();
  // Only a shell can pass the handler bytes that are not UTF-8.
  const script = `exec "$0" "$(printf '/a\\233\\061m\\303\\251\\205\\377')"`;
  const { stderr } = await new Deno.Command("sh", {
    args: ["-c", script, stage.path("handler")],
  }).output();
  const told = Array.from(stderr, (byte) => String.fromCharCode(byte)).join("");
  assert(told.includes("/a?1m\xc3\xa9?\xff"), told);
});

Deno.test("messages are cut to a bounded length", async () => {
  using stage = new Stage();
  const { status, stderr } = await stage.handle([`/${"x".repeat(100_000)}`]);
  assertEquals(status, 126);
  assert(stderr.length < 10_000 && stderr.endsWith("\n"), `${stderr.length}`);
});

Deno.test("a file size limit of 0 costs the message, but not the exit status", async () => {
  using stage = new Stage();
  const words = 'ulimit -f 0; exec "$0" /nowhere 2> said';
  const args = ["-c", words, stage.path("handler")];
  const ended = await new Deno.Command("sh", { args, cwd: stage.directory }).output();
  assertEquals([ended.signal, ended.code], [null, 126]);
});

Deno.test("messages give errno in words", async () => {
  using stage = new Stage();
  const cases = {
    "permission denied": () => Deno.chmodSync(stage.path("interpreter"), 0o644),
    "exec format error": () => stage.write("interpreter", speaker(HOST, "").slice(0, 30), 0o755),
    "no such file, or its own interpreter is missing": () =>
      stage.write("interpreter", "#!/nowhere\n", 0o755),
  };
  for (const [words, damage] of Object.entries(cases)) {
    damage();
    const { status, stderr } = await stage.handle([stage.program]);
    assertEquals(status, 126);
    const expected = `its interpreter ${stage.path("interpreter")} cannot be started: ${words}\n`;
    assert(stderr.endsWith(expected), stderr);
  }
});
