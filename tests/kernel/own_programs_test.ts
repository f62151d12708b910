/** Programs that the kernel can run itself run as usual, even if their extension is registered. */
import { assertEquals } from "@std/assert";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { NEEDS } from "../real/foreign.ts";

const GAMES = "/usr/share/games";
const JAVA = `
[formats.jar]
interpreter = "java"
[interpreters.java]
path = "/usr/bin/show"
args = ["java", "{program}"]
`;
const SHOW = '#!/bin/sh\nprintf "<%s>" "$@"\n';
const RUN = ["binfmt-dispatcher", "run"];

function worldWithJars(): World {
  const world = new World();
  world.install(["jar"]);
  world.file(ADMIN_LAYER, JAVA);
  world.file("/usr/bin/show", SHOW, 0o755);
  for (const name of ["bash.jar", "bash"]) {
    world.file(`${GAMES}/${name}`, Deno.readFileSync("/bin/bash"), 0o755);
  }
  for (const name of ["script.jar", "script"]) {
    world.file(`${GAMES}/${name}`, "#! /usr/bin/show\t -a  b \nx", 0o755);
  }
  world.file(`${GAMES}/real.jar`, "PK", 0o755);
  world.file(`${GAMES}/lost.jar`, "#!/none/such\n", 0o755);
  return world;
}

test({
  name: "a native program with a format's extension runs natively, by its name and by run",
  needs: NEEDS,
  fn: async () => {
    using world = worldWithJars();
    const said = 'echo "$0 $*"; readlink /proc/$$/exe; cat /proc/$$/comm; ls /proc/$$/fd; exit 7';
    const args = ["-c", said, "zero", "a b", ""];
    const { stdout: native } = await world.run(["./bash", ...args], { cwd: GAMES });
    for (const [name, before] of [["bash.jar", []], ["bash.jar", RUN], ["bash", RUN]] as const) {
      const argv = [...before, `./${name}`, ...args];
      const { status, stdout, stderr } = await world.run(argv, { cwd: GAMES });
      const expected = native.replaceAll(/bash$/gm, name);
      assertEquals({ status, stdout, stderr }, { status: 7, stdout: expected, stderr: "" }, name);
    }
    const argv = ["bash", "-c", "exec -a another ./bash.jar -c 'echo $0; exec <&-; echo $0'"];
    assertEquals((await world.run(argv, { cwd: GAMES })).stdout, "another\nanother\n");
    const { stdout } = await world.run(["binfmt-dispatcher", "explain", `${GAMES}/bash.jar`]);
    assertEquals(stdout.split("\n")[1], "The kernel runs it natively.");
  },
});

test({
  name: "a script with a format's extension is run by what its first line names",
  needs: NEEDS,
  fn: async () => {
    using world = worldWithJars();
    for (const [name, before] of [["script.jar", []], ["script.jar", RUN], ["script", RUN]]) {
      const argv = [...before!, `./${name}`, "one", ""];
      const { status, stdout, stderr } = await world.run(argv, { cwd: GAMES });
      const expected = `<-a  b><./${name}><one><>`;
      assertEquals({ status, stdout, stderr }, { status: 0, stdout: expected, stderr: "" });
    }
    assertEquals(
      (await world.run(["./real.jar", "x"], { cwd: GAMES })).stdout,
      "<java><./real.jar><x>",
    );
    assertEquals((await world.run([`${GAMES}/lost.jar`])).status, 126);
    const said = await world.run(["binfmt-dispatcher", "explain", `${GAMES}/script.jar`]);
    assertEquals(said.stdout.split("\n").slice(0, 2), [
      `${GAMES}/script.jar is a script.`,
      "The kernel starts /usr/bin/show for it. To explain that program:",
    ]);
  },
});
