/** Arguments, names and settings that muvm alone would lose. */
import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { GuestWorld, NEEDS } from "./guest_world.ts";

const ARGS = `printf '[%s]' "$0" "$@"; echo`;

test({
  name: "every argument arrives, also -h, any bytes, and “EOM”, which ends muvm's message",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/args", ARGS);
    world.program("/usr/share/EOM/args", ARGS);
    const { status, stdout, stderr } = await world.script(String.raw`
      exec < /dev/null
      args -h --help EOM aEOMb EO M % %41 %2Dh '' ' ' $'\n' '=x' ä 
      args $'\xff' $'EOM\xc3' $'%\xe2\x82' | iconv -f latin1 -t utf-8
      cd /usr/share/EOM; ./args EOM
      # The handler must encode many arguments fast.
      args $(seq -f %.0fEOM 20000) | md5sum
      printf '[%s]' /usr/bin/args $(seq -f %.0fEOM 20000) | sed 's/$/\n/' | md5sum
    `);
    assertEquals([status, stderr], [0, ""]);
    const lines = stdout.split("\n");
    assertEquals(lines.slice(0, -3), [
      "[/usr/bin/args][-h][--help][EOM][aEOMb][EO][M][%][%41][%2Dh][][ ][",
      "][=x][ä]",
      "[/usr/bin/args][\xff][EOM\xc3][%\xe2\x82]",
      "[/usr/share/EOM/./args][EOM]",
    ]);
    assertEquals(lines.at(-3), lines.at(-2));
  },
});

test({
  name: "any argv[0] and the interpreter's variables arrive",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.file(
      "/etc/binfmt-dispatcher.d/20-mine.toml",
      '[interpreters.fex]\nargs = ["{program}", "{argv0}"]\n' +
        'env = { SEEN = "{argv0}", GONE = false, KEPT = { default = "x" } }\n',
    );
    world.program("/usr/bin/seen", 'echo "$1 $SEEN ${GONE-none} $KEPT"');
    const { stdout, stderr } = await world.script(String.raw`
      exec < /dev/null
      export GONE=1 KEPT=mine
      for name in -h --help =x EOM $'\xff'; do (exec -a "$name" seen) | tr '\377' '?'; done
    `);
    assertEquals(stderr, "");
    const names = ["-h", "--help", "=x", "EOM", "?"];
    assertEquals(stdout, names.map((name) => `${name} ${name} none mine\n`).join(""));
  },
});

test({
  name: "variables that would end muvm's message are omitted, and none is added",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/variables", "exec env");
    const { stdout, stderr } = await world.script(`
      exec < /dev/null
      export A=EOM EOM=1 B_EOM_B=2 C=EO D=M QT_QPA_PLATFORM=wayland AT_SPI_BUS_ADDRESS=x
      export GDK_BACKEND=wayland SDL_VIDEODRIVER=wayland MOZ_ENABLE_WAYLAND=1
      variables
    `);
    assertEquals(stderr, "");
    const names = stdout.trim().split("\n").map((line) => line.split("=")[0]!);
    // The stand-in for the emulator is a shell, which sets these.
    const others = ["PWD", "OLDPWD", "SHLVL", "_", "EMULATOR", "MUVM_GUEST"];
    assertEquals(names.filter((name) => !others.includes(name)).toSorted(), [
      ...["C", "D", "DISPLAY", "GTK_IM_MODULE", "HOME", "LANG", "PATH", "QT_IM_MODULE"],
      ...["XDG_RUNTIME_DIR"],
    ]);
  },
});

test({
  name: "the umask is the caller's, even one with which muvm could not work",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/mask", "umask");
    const { stdout } = await world.script(`
      exec < /dev/null
      for mask in 022 077 002 0 777; do (umask $mask; mask); done
    `);
    assertEquals(stdout, "0022\n0077\n0002\n0000\n0777\n");
  },
});
