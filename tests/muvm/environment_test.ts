import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { GuestWorld, NEEDS } from "./guest_world.ts";

/** The names that muvm's last command line forwards. */
function forwarded(world: GuestWorld): string[] {
  const { args } = world.calls().at(-1)!;
  const options = args.slice(0, args.indexOf("--"));
  return options.filter((_, at) => options[at - 1] === "-e").toSorted();
}

test({
  name: "the program gets the caller's environment, except variables that the guest sets",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/variables", "env -0 | sort -z | tr '\\0' ';'");
    const { status, stdout, stderr } = await world.script(String.raw`
      env -i PATH=$PATH HOME=/run XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR DISPLAY=:0 XAUTHORITY=/x \
        WAYLAND_DISPLAY=w XDG_SESSION_ID=3 DBUS_SESSION_BUS_ADDRESS=unix:path=/x LD_PRELOAD= \
        EMPTY= TWO=$'lines\nof it' _1=x UTF_8='ä€😀' LC_ALL=C.UTF-8 \
        'a.b=1' '1A=x' 'with space=1' =x $'BAD=\xff' $'CUT=\xe2\x82' $'N\xe4ME=x' \
        variables
    `);
    assertEquals(stderr, "");
    assertEquals(status, 0);
    assertEquals(forwarded(world), ["EMPTY", "HOME", "LC_ALL", "PATH", "TWO", "UTF_8", "_1"]);
    const seen = stdout.split(";");
    for (const one of ["EMPTY=", "TWO=lines\nof it", "_1=x", "UTF_8=ä€😀", "LC_ALL=C.UTF-8"]) {
      assert(seen.includes(one), stdout);
    }
    // The guest sets this.
    assert(seen.includes("DISPLAY=:1"), stdout);
    const kept = /^(XAUTHORITY|WAYLAND_|XDG_SESSION_|DBUS_|LD_PRELOAD|BAD|CUT|1A|a\.b|N)/;
    assertEquals(seen.filter((entry) => kept.test(entry)), []);
  },
});

test({
  name: "the first program's environment does not reach later ones",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/variables", "env | grep SECRET; echo done");
    const { stdout } = await world.script("SECRET=1 variables; variables");
    assertEquals(stdout, "SECRET=1\ndone\ndone\n");
  },
});

test({
  name: "without forward_env only the interpreter's own variables are passed on",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.file(
      "/etc/binfmt-dispatcher.d/20-mine.toml",
      '[muvm]\nforward_env = false\n[interpreters.fex]\nenv = { FEX_X = "{argv0} {program}" }\n',
    );
    world.program("/usr/bin/variables", 'echo "$FEX_X $A"');
    const { stdout } = await world.script("cd /usr; A=1 bin/variables");
    assertEquals(forwarded(world), []);
    assertEquals(stdout, "bin/variables /usr/bin/variables \n");
  },
});
