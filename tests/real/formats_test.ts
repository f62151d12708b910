/** Programs that are not ELF, each with the configuration that a user would write for it. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { capture } from "../../tasks/start.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { machine } from "../elf/build_elf.ts";
import { NEEDS, NEEDS_KERNEL, NEEDS_OWNERS } from "./foreign.ts";

const JAVA = `
[interpreters.java]
path = "/usr/bin/java"
args = ["-jar", "{program}"]
machines = ["jar"]

[formats.jar]
interpreter = "java"
`;

const GO = `
[interpreters.go]
path = "/bin/sh"
args = [
  "-c",
  '''
f=$(mktemp) && PATH=/usr/bin:/usr/local/go/bin:$PATH go build -o "$f" "$0" || exit
exec 3<"$f" && rm "$f" && exec /proc/self/fd/3 "$@"''',
  "{program}",
]
required_paths = [["/usr/bin/go", "/usr/local/go/bin/go"]]
machines = ["go"]

[formats.go]
interpreter = "go"
`;

const MONO_AND_WINE = `
[interpreters.mono]
path = "/usr/bin/mono"
machines = ["dotnet"]

[interpreters.wine]
path = ["/usr/bin/wine", "/usr/lib/wine/wine64"]
machines = ["windows"]

[formats.dotnet]
interpreter = ["mono"]

[formats.windows]
interpreter = ["wine"]
`;

/** A world with the shipped configuration, the formats' entries and an administrator's layer. */
function worldFor(formats: readonly string[], configuration: string): World {
  const world = new World();
  world.install(formats);
  world.file(ADMIN_LAYER, configuration);
  return world;
}

test({
  name: "config check accepts the configurations in this file",
  needs: NEEDS_OWNERS,
  fn: async () => {
    for (const configuration of [JAVA, GO, MONO_AND_WINE, JAVA + GO + MONO_AND_WINE]) {
      using world = worldFor(["windows", "dotnet", "jar", "go"], configuration);
      const { status, stdout, stderr } = await world.run(["binfmt-dispatcher", "config", "check"]);
      assertEquals([status, stderr], [0, ""], stdout);
      assert(/^No errors or warnings in/.test(stdout), stdout);
    }
  },
});

/** In sh: runs the command with an empty /tmp, for Java and Wine. */
const OWN_TMP = 'mount -t tmpfs tmpfs /tmp && exec "$@"';

async function make(cwd: string, program: string, ...args: string[]): Promise<void> {
  const { success, text } = await capture([program, ...args], { cwd });
  assert(success, `${program}: ${text}`);
}

test({
  name: "a jar runs through java, by its extension",
  needs: [...NEEDS_KERNEL, "java"],
  fn: async () => {
    using world = worldFor(["jar"], JAVA);
    world.file(
      "/usr/share/games/Hello.java",
      `public class Hello {
         public static void main(String[] args) {
           System.out.println("Hello from Java: [" + String.join("][", args) + "]");
           System.exit(3);
         }
       }`,
    );
    const directory = world.outside("/usr/share/games");
    // Debian's runtime lacks javac and jar, but has their modules.
    const java = ["-XX:-UsePerfData", "-m"];
    await make(directory, "java", ...java, "jdk.compiler/com.sun.tools.javac.Main", "Hello.java");
    const jar = ["jdk.jartool/sun.tools.jar.Main", "-cfe", "hello.jar", "Hello", "Hello.class"];
    await make(directory, "java", ...java, ...jar);
    await Deno.chmod(`${directory}/hello.jar`, 0o755);
    const argv = ["sh", "-c", OWN_TMP, "sh", "./hello.jar", "a b", ""];
    const { status, stdout, stderr } = await world.run(argv, { cwd: "/usr/share/games" });
    assertEquals({ status, stdout, stderr }, {
      status: 3,
      stdout: "Hello from Java: [a b][]\n",
      stderr: "",
    });
  },
});

test({
  name: "a Go source runs through go, by its extension",
  needs: [...NEEDS, "go"],
  fn: async () => {
    using world = worldFor(["go"], GO);
    const source = `package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Printf("Hello from Go: %q\\n", os.Args[1:])
	os.Exit(3)
}
`;
    world.file("/usr/share/games/hello.go", source, 0o755);
    const home = world.outside("/home/go");
    const { status, stdout, stderr } = await world.run([
      "/usr/share/games/hello.go",
      "b.go",
      "a b",
      "",
    ], {
      env: { HOME: home, GOCACHE: home },
    });
    assertEquals({ status, stdout, stderr }, {
      status: 3,
      stdout: `Hello from Go: ["b.go" "a b" ""]\n`,
      stderr: "",
    });
  },
});

/** Compiles a .NET program that prints its arguments. */
async function addDotnet(world: World, path: string): Promise<void> {
  world.file(
    `${path}.cs`,
    `class Hello {
       static int Main(string[] args) {
         System.Console.WriteLine("Hello from .NET: [" + string.Join("][", args) + "]");
         return 6;
       }
     }`,
  );
  await make(world.directory, "mcs", `-out:${world.outside(path)}`, world.outside(`${path}.cs`));
  await Deno.chmod(world.outside(path), 0o755);
}

/** Copies Wine's command interpreter, a Windows program; Debian's file is not executable. */
async function addWindows(world: World, path: string): Promise<void> {
  const { gnu, name } = machine(Deno.build.arch);
  const program = await Deno.readFile(`/usr/lib/${gnu}/wine/${name}-windows/cmd.exe`);
  world.file(path, program, 0o755);
}

test({
  name: "a .NET program runs through mono, and an MZ file without a CLR header does not",
  needs: [...NEEDS, "mono"],
  fn: async () => {
    using world = worldFor(["windows", "dotnet"], MONO_AND_WINE);
    await addDotnet(world, "/usr/share/games/hello.exe");
    const outcome = await world.run(["/usr/share/games/hello.exe", "a b", ""], {
      env: { HOME: world.outside("/home/user") },
    });
    const { status, stdout, stderr } = outcome;
    assertEquals({ status, stdout, stderr }, {
      status: 6,
      stdout: "Hello from .NET: [a b][]\n",
      stderr: "",
    });
    // One entry is enough: both formats have the same magic.
    const entries = await world.run(["ls", "/proc/sys/fs/binfmt_misc"]);
    assertEquals(entries.stdout, "binfmt-dispatcher-windows\nregister\nstatus\n");

    world.file("/usr/share/games/stub.exe", `MZ${"\0".repeat(200)}`, 0o755);
    world.file(ADMIN_LAYER, MONO_AND_WINE.replaceAll("/usr/", "/none/"));
    const stub = await world.run(["/usr/share/games/stub.exe"]);
    assertEquals(stub.status, 127);
    assert(stub.stderr.includes("windows programs"), stub.stderr);
  },
});

/** Runs the command, then stops wine's server and waits for its end. */
const WINE = `
"$@"
status=$?
/usr/lib/wine/wineserver -k
/usr/lib/wine/wineserver -w
exit $status
`;

test({
  name: "a Windows program runs through wine, and a .NET program beside it through mono",
  needs: [...NEEDS_KERNEL, "wine", "mono"],
  fn: async () => {
    using world = worldFor(["windows"], MONO_AND_WINE);
    await addDotnet(world, "/usr/share/games/hello.exe");
    await addWindows(world, "/usr/share/games/cmd.exe");
    await Deno.mkdir(world.outside("/run/home"));
    const env = {
      HOME: "/run/home",
      WINEPREFIX: "/run/home",
      WINEDEBUG: "-all",
      // No debugger, no offers to install Mono and Gecko, no menus.
      WINEDLLOVERRIDES: "winedbg.exe,mscoree,mshtml,winemenubuilder.exe=",
    };
    const start = async (script: string) => {
      const cmd = ["/usr/share/games/cmd.exe", "/c", script];
      const argv = ["sh", "-c", OWN_TMP, "sh", "sh", "-c", WINE, "sh", ...cmd];
      const { status, stdout } = await world.run(argv, { env });
      return { status, stdout };
    };
    assertEquals(await start("echo Hello from Windows&exit 5"), {
      status: 5,
      stdout: "Hello from Windows\r\n",
    });
    const dotnet = await world.run(["/usr/share/games/hello.exe", "one"], { env });
    assertEquals([dotnet.status, dotnet.stdout], [6, "Hello from .NET: [one]\n"]);
  },
});
