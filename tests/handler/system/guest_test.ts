import { assert, assertEquals } from "@std/assert";
import { PROBE, Stage } from "../stage.ts";

const SH = ["022", "0/dev/null", "/", "/bin/sh", "%2Dc"];

Deno.test("the handler in the guest starts a command and ends as it does", async () => {
  using stage = new Stage(PROBE);
  const guest = (...words: string[]) => stage.handle(["guest", ...words], { env: { A: "1" } });
  const directory = stage.path("EOM\xe9");
  Deno.mkdirSync(directory);
  const encoded = directory.replace("EOM", "EO%4D");
  const words = ["027", "0/dev/null", encoded, "NEW=%C3%A9", "A", stage.path("interpreter")];
  const { report, status } = await guest(...words, "%2Dh", "%25", "");
  assertEquals(report?.argv, [stage.path("interpreter"), "-h", "%", ""]);
  assertEquals(report?.env, [`HOME=${stage.path("home")}`, "NEW=é"]);
  assertEquals(report?.cwd, directory);
  assertEquals(status, 4);
  assertEquals((await guest("027", ...SH.slice(1), "umask")).stdout, "0027\n");
  for (const [script, status] of [["exit 9", 9], ["kill -KILL $$", 137], ["kill -HUP $$", 129]]) {
    assertEquals((await guest(...SH, String(script))).status, status);
  }
});

Deno.test("the handler in the guest reports what it cannot start", async () => {
  using stage = new Stage(PROBE);
  const why = async (...words: string[]) => {
    const { status, stderr } = await stage.handle(["guest", ...words]);
    return `${status} ${stderr}`;
  };
  const words = (what: string) =>
    `126 binfmt-dispatcher: Cannot ${what} in muvm's virtual machine: no such file\n`;
  assertEquals(await why("022", "0/dev/null", "/gone", "/bin/sh"), words("enter /gone"));
  assertEquals(await why("022", "7/gone", "/", "/bin/sh"), words("open /gone"));
  assertEquals(await why("022", "0/dev/null", "/", "A=1", "/gone", "x"), words("start /gone"));
  assert(
    (await why("022", "0/dev/null", "/")).startsWith("2 binfmt-dispatcher: This is the handler"),
  );
});

Deno.test("the handler in the guest exits with a status if input cannot be relayed", async () => {
  using stage = new Stage(PROBE);
  const input = stage.write("input", "x".repeat(100_000));
  // RLIMIT_FSIZE also limits the memory for pending input.
  const script = 'ulimit -f 1; exec "$0" guest 022 open / /bin/sleep 10 <"$1"';
  const args = ["-c", script, stage.path("handler"), input];
  const { code, signal, stderr } = await new Deno.Command("sh", { args }).output();
  // muvm takes death by a signal for success.
  assertEquals([code, signal], [143, null]);
  const words = "Cannot relay input in muvm's virtual machine: no space left on the device\n";
  assertEquals(new TextDecoder().decode(stderr), `binfmt-dispatcher: ${words}`);
});

Deno.test("a program in the guest can have a file or a pipe as standard input", async () => {
  using stage = new Stage(PROBE);
  const file = stage.write("file", "0123456789");
  const input = async (word: string) => {
    const words = ["guest", "022", word, "/", "/usr/bin/env", "readlink", "/proc/self/fd/0"];
    return (await stage.handle(words)).stdout.trim();
  };
  assertEquals(await input(`0${file}`), file);
  assert((await input("ready")).startsWith("pipe:"));
  assertEquals(await input("0/dev/null"), "/dev/null");
  const { stdout } = await stage.handle(["guest", "022", `7${file}`, "/", "/bin/cat"]);
  assertEquals(stdout, "789");
});
