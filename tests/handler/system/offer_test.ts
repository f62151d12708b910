// Shows docs/security.md#a-foreign-program-against-its-user
import { assert, assertEquals } from "@std/assert";
import { test } from "../../abilities.ts";
import { asUser } from "../../become.ts";
import { OfferStage } from "./offer_stage.ts";

/** In sh: provides the interpreter. */
const INSTALLS = "ln $D/interpreter $D/installed";

Deno.test("offer() has the interpreter installed; the program then starts unchanged", async () => {
  const installs = "readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | cat > $D/descriptors; " +
    "pwd > $D/directory; ln $D/tells $D/installed";
  using stage = new OfferStage(installs);
  const given = "echo 7 is $(readlink /proc/$$/fd/7); stty -a | tr '\\n' ' '; echo .";
  stage.write("tells", `#!/bin/sh\necho process $$ has $*\n${given}\n`, 0o755);
  const before = `echo process $$; exec 7<$D; ${given}; exec $H $P one two`;
  const { said } = await stage.sh(before);
  assertEquals(stage.asked, [`install --machine=riscv64 --started=${stage.program}`]);
  const [process, seven, terminal, ...after] = said.trim().split(/\r?\n/);
  assertEquals(after, [`${process} has ${stage.program} one two`, seven, terminal]);
  assertEquals(seven, `7 is ${stage.directory}`);
  assertEquals(stage.lines("directory"), [stage.directory]);
  assertEquals(stage.lines("descriptors"), new Array(3).fill("/dev/tty"));
});

Deno.test("offer() adds nothing to the resolver's message", async () => {
  for (const status of [126, 127]) {
    using stage = new OfferStage(`echo 'it was told' >&2; exit ${status}`);
    const ended = await stage.sh("exec $H $P");
    assertEquals(ended.status, status);
    assertEquals(ended.said.trim(), "it was told");
  }
});

Deno.test("offer() says what is missing if the resolver failed", async () => {
  for (const end of ["exit 125", "exit 1", "kill -KILL $$", "exit 0"]) {
    using stage = new OfferStage(end);
    const { status, said } = await stage.sh("exec $H $P");
    assertEquals(status, 127);
    assert(said.includes("probe needs"), said);
    assertEquals(stage.asked.length, 1);
  }
});

Deno.test("offer() asks once in ten seconds", async () => {
  using stage = new OfferStage("exit 126");
  const { said } = await stage.sh("for i in 1 2 3 4 5; do $H $P; echo ends with $?; done");
  assertEquals(stage.asked.length, 1);
  const ends = said.split(/\r?\n/).filter((line) => line.startsWith("ends"));
  assertEquals(ends, ["ends with 126", ...new Array(4).fill("ends with 127")]);
  stage.forget();
  await stage.sh("exec $H $P");
  assertEquals(stage.asked.length, 2);
});

test({
  name: "offer() does not ask where it could repeat endlessly",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new OfferStage("exit 126");
    const plain = asUser(stage.directory).join(" ");
    const homeless = await stage.sh(`HOME= exec ${plain} $H $P`);
    assertEquals([homeless.status, stage.asked.length], [127, 0], homeless.said);
    assertEquals((await stage.sh(`exec ${plain} $H $P`)).status, 126);
    assertEquals(stage.asked.length, 1);
  },
});

Deno.test("offer() asks in one of several starts; the others wait", async () => {
  using stage = new OfferStage(`sleep 2; ${INSTALLS}`);
  const start = (n: number) => `$0 $1 same >$2/started.${n} </dev/tty 2>/dev/tty`;
  const script = `bash -c '${start(1)} & ${start(2)} & ${start(3)}; wait' $H $P $D`;
  const { said } = await stage.sh(script);
  assertEquals(stage.asked.length, 1, said);
  for (const n of [1, 2, 3]) {
    const told = Deno.readTextFileSync(stage.path(`started.${n}`)).split("\0");
    assertEquals(told.slice(1, 3), [stage.program, "same"], said);
  }
  assertEquals(said.split("Waiting for an installation that another").length - 1, 2, said);
});

Deno.test("offer() hands the terminal's keys to the resolver and takes them back", async () => {
  const asks = "trap 'echo interrupted > $D/keys; exit 126' INT; : > $D/ready; " +
    "while :; do sleep 0.05; done";
  using stage = new OfferStage(asks);
  const keys = "(while [ ! -e $D/ready ]; do sleep 0.05; done; sleep 0.1; kill -INT 0) & " +
    "trap : INT; $H $P; echo ended $?";
  const { said } = await stage.sh(keys);
  assertEquals(stage.lines("keys"), ["interrupted"], said);
  assert(said.includes("ended 126"), said);
});

test({
  name: "offer() ends the resolver if the start is killed",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new OfferStage(
      "trap 'echo ended > $D/end; exit' TERM; : > $D/ready; while :; do sleep 0.05; done",
    );
    const words = "$H $P & pid=$!; fg 2>/dev/null; " +
      "while [ ! -e $D/ready ]; do sleep 0.05; done; kill -KILL $pid; " +
      "for i in $(seq 100); do [ -e $D/end ] && break; sleep 0.05; done";
    await stage.sh(words, ["setsid", "-w", ...asUser(stage.directory)], { DISPLAY: ":0" });
    assertEquals(stage.lines("end"), ["ended"]);
  },
});
