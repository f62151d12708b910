import { assert, assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { user } from "../../become.ts";
import { PAGE_SIZE, Stage } from "../stage.ts";

const DIRECTORY = "/proc/sys/fs/binfmt_misc";
/** $1: the stage's directory. */
const SCRIPT = `set -e
mount -t binfmt_misc none ${DIRECTORY}
mount -t tmpfs none /run
mkdir "$1/noexec"
setcap cap_net_raw+ep "$1/program"
mount -t tmpfs -o noexec none "$1/noexec"
cp "$1/program" "$1/noexec/"
echo ":old:M:4:AB\\xff:\\xff\\x0f\\xff:/bin/a b:PO" > ${DIRECTORY}/register
echo ":ext:E::xyz::/bin/x:" > ${DIRECTORY}/register
echo 0 > ${DIRECTORY}/old
echo ":new:M::AB::/bin/n:" > ${DIRECTORY}/register
exec "$1/handler" tell "$1/program" "$1/noexec/program" "$1/table" "$1/nothing"`;

type Fact = readonly string[];

function facts(said: string): Fact[] {
  const words = said.split("\0").slice(0, -1);
  assertEquals(words.length % 3, 0);
  return Array.from({ length: words.length / 3 }, (_, i) => words.slice(3 * i, 3 * i + 3));
}

test({
  name: "tell lists binfmt_misc's entries, newest first, and describes paths",
  needs: ["binfmt_misc", "setcap"],
  fn: async () => {
    const fallbacks = ["arm", "s390x"].map((machine) => (
      { machine, name: `qemu-${machine}`, image: new Uint8Array([1, 2, 3]) }
    ));
    using stage = new Stage(undefined, { fallbacks });
    const { stdout, stderr } = await new Deno.Command("unshare", {
      args: ["-Urm", "sh", "-c", SCRIPT, "sh", stage.directory],
      clearEnv: true,
      env: { PATH: "/usr/sbin:/usr/bin:/bin" },
    }).output();
    const text = new TextDecoder();
    assertEquals(text.decode(stderr), "");
    const told = facts(text.decode(stdout));
    const of = (kind: string) => told.filter((fact) => fact[0] === kind).map(([, ...rest]) => rest);
    assertEquals(of("AT_PAGESZ"), [["", `${PAGE_SIZE}`]]);
    assertEquals(of("euid"), [["", "0"]]);
    assertEquals(of("no_new_privs"), [["", "0"]]);
    assertEquals(of("binfmt_misc"), [
      ["new", "enabled\ninterpreter /bin/n\nflags: \noffset 0\nmagic 4142\n"],
      ["ext", "enabled\ninterpreter /bin/x\nflags: \nextension .xyz\n"],
      [
        "old",
        "disabled\ninterpreter /bin/a b\nflags: PO\noffset 4\nmagic 4142ff\nmask ff0fff\n",
      ],
      ["status", "enabled\n"],
    ]);
    assertEquals(of("access"), [
      [stage.path("program"), "0"],
      [stage.path("noexec/program"), "13"],
      [stage.path("table"), "13"],
      [stage.path("nothing"), "2"],
    ]);
    assertEquals(of("format"), [["", `${FORMAT_VERSION}`]]);
    assertEquals(of("fallback"), [["qemu-arm", ""], ["qemu-s390x", ""]]);
    assertEquals(of("register"), [["", "0"]]);
    const since = of("since").map(([name, time]) => [name, Number(time) - Date.now() / 1000]);
    assertEquals(since.map(([name]) => name), ["new", "ext", "old", "status"]);
    for (const [name, age] of since) assert(Math.abs(Number(age)) < 60, `${name}: ${age}`);
    assertEquals(of("noexec"), [[stage.path("noexec/program"), ""]]);
    assertEquals(of("capabilities"), [[stage.path("program"), ""]]);
  },
});

test({
  name: "tell says where a table is or could be stored",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    const ask = async (env: Record<string, string> = {}) => {
      const { stdout } = await stage.handle(["tell"], { asUser: true, env });
      return facts(stdout).filter(([kind]) => kind === "table" || kind === "directory");
    };
    const cache = stage.path("home/.cache/binfmt-dispatcher");
    const runtime = ["directory", `/run/user/${user()}/binfmt-dispatcher`, "2"];
    assertEquals(await ask(), [["directory", cache, "0"], runtime]);
    assertEquals(await ask({ HOME: "" }), [runtime]);
    assertEquals(await ask({ HOME: stage.path("none") }), [
      ["directory", stage.path("none/.cache/binfmt-dispatcher"), "2"],
      runtime,
    ]);
    // A start would not store a table there.
    Deno.mkdirSync(cache, { recursive: true, mode: 0o770 });
    Deno.chmodSync(cache, 0o770);
    assertEquals(await ask(), [["directory", cache, "1"], runtime]);
    Deno.removeSync(cache);
    Deno.symlinkSync(stage.path("tables"), cache);
    assertEquals(await ask(), [["directory", cache, "20"], runtime]);
    Deno.removeSync(cache);
    Deno.chmodSync(stage.path("home"), 0o770);
    assertEquals(await ask(), [["directory", cache, "1"], runtime]);
    Deno.chmodSync(stage.path("home"), 0o755);
    await stage.handle([stage.program], { asUser: true });
    const [kept] = await ask();
    assert(kept![1]!.startsWith(`${cache}/routes-`), `${kept}`);
    assertEquals(kept![0], "table");
  },
});
