import { assertEquals } from "@std/assert";
import { test } from "../../abilities.ts";
import { PLAIN } from "../../../tasks/world.ts";
import { Stage } from "../stage.ts";

/** Ends with the number of the first check that fails. */
const PROGRAM = String.raw`#!/bin/sh
is() { [ "$2" = "$3" ] || exit "$1"; }
is 1 "$*" "a b "
is 2 "$(id -u) $(id -g) $(id -G)" "$WHO"
is 3 "$(sed -n 's/NoNewPrivs:.//p' /proc/self/status)" 1
is 4 "$(sed -n 's/SigBlk:.//p; s/SigIgn:.//p' /proc/self/status | tr -d '0\n')" ""
is 5 "$(readlink /proc/self/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | sort -u)" /dev/null
for fd in 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$fd ] || exit 6; done
is 7 "$PWD" /
is 8 "$(env -0 | tr '\0' '\n' | grep -cEv '^(PATH|PWD|_|OLDPWD|SHLVL)=')" 0
`;

function program(who: string): string {
  return PROGRAM.replace("$WHO", who);
}

test({
  name: "try gives a program no privileges, no input or output, and nothing from the caller",
  needs: ["root"],
  fn: async () => {
    using stage = new Stage();
    Deno.chmodSync(stage.directory, 0o755);
    const tried = stage.write("program", program("65534 65534 65534"), 0o755);
    const script = `trap "" TERM USR1; exec 5</dev/null; umask 077; exec "$0" try "$@"`;
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-c", script, stage.path("handler"), tried, "a b", ""],
      env: { SECRET: "1", LD_PRELOAD: "" },
    }).output();
    assertEquals([code, new TextDecoder().decode(stdout)], [0, ""]);
  },
});

test({
  name: "try runs a program as the user who starts it",
  needs: ["user namespaces"],
  fn: async () => {
    using stage = new Stage();
    const tried = stage.write("program", program("1000 1000 $(id -G)"), 0o755);
    const { status, stdout } = await stage.handle(["try", tried, "a b", ""], { asUser: true });
    assertEquals([status, stdout], [0, ""]);
  },
});

test({
  name: "probe prints the error for input that is not a program",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    const ask = async (input: string) => {
      const script = `printf %s ${input} | "$0" probe`;
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", script, stage.path("handler")],
      }).output();
      return new TextDecoder().decode(stdout);
    };
    const [EINVAL, ENOEXEC] = ["22", "8"];
    assertEquals([await ask("''"), await ask("text")], [EINVAL, ENOEXEC]);
  },
});

test({
  name: "try prints the error if a program cannot be started",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    const ask = async (...argv: string[]) =>
      (await stage.handle(["try", ...argv], { asUser: true })).stdout;
    assertEquals(await ask(stage.path("none")), "2");
    assertEquals(await ask(stage.directory), "13");
    assertEquals(await ask(stage.write("text", "text", 0o755)), "8");
    assertEquals(await ask(), "2");
  },
});

test({
  name: "try starts nothing if it cannot give up root's privileges",
  needs: ["user namespaces"],
  fn: async () => {
    using stage = new Stage();
    const tried = stage.write("program", "#!/bin/sh\nexit 3\n", 0o755);
    const [unshare = "", ...options] = PLAIN.map((word) => word.replace("1000", "0"));
    const { code, stdout } = await new Deno.Command(unshare, {
      args: [...options, "--user", stage.path("handler"), "try", tried],
    }).output();
    assertEquals([code, new TextDecoder().decode(stdout)], [0, "rights"]);
  },
});

test({
  name: "try sends SIGALRM to a program that does not end",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage();
    const { signal } = await stage.handle(["try", "/bin/sleep", "60"], { asUser: true });
    assertEquals(signal, "SIGALRM");
  },
});
