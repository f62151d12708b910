/** What people see when a program cannot run: 126 or 127, or 125 if binfmt-dispatcher fails. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER, HANDLER, RESOLVER } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import {
  BUSYBOX,
  busybox,
  dash,
  FOREIGN,
  NEEDS,
  NEEDS_KERNEL,
  register,
  worldFor,
  worldWithBusybox,
} from "./foreign.ts";

interface Failure {
  readonly status: number;
  /** All must be in stderr; stdout stays empty. */
  readonly words: readonly string[];
}

async function fails(world: World, argv: readonly string[], { status, words }: Failure) {
  const outcome = await world.run(argv);
  assertEquals([outcome.status, outcome.stdout], [status, ""], outcome.stderr);
  const first = outcome.stderr.split("\n")[0]!;
  assert(first.startsWith("binfmt-dispatcher: Cannot run “"), outcome.stderr);
  for (const word of words) assert(outcome.stderr.includes(word), `${word}\n${outcome.stderr}`);
}

function own(path: string): string {
  return `[interpreters.own]\npath = "${path}"\nmachines = ["${FOREIGN}"]\n`;
}

function failure(name: string, fn: () => Promise<void>): void {
  test({ name, needs: NEEDS, fn });
}

failure(
  "an interpreter that is not installed: 127, and the paths that were tried",
  async () => {
    using world = await worldWithBusybox();
    const path = '["/usr/bin/none-{machine}", "/opt/none"]';
    world.file(ADMIN_LAYER, `[interpreters.qemu]\nname = "My QEMU"\npath = ${path}\n`);
    await fails(world, ["busybox-foreign", "true"], {
      status: 127,
      words: [
        "“/usr/bin/busybox-foreign”",
        `${FOREIGN} programs`,
        `My QEMU needs /usr/bin/none-${FOREIGN}`,
        "/opt/none",
        "binfmt-dispatcher install PROGRAM",
      ],
    });
  },
);

failure("no interpreter in the configuration: 127", async () => {
  using world = await worldWithBusybox();
  world.file(ADMIN_LAYER, "[defaults]\ninterpreter = []\n");
  const words = [`no interpreter is configured for ${FOREIGN} programs`];
  await fails(world, ["busybox-foreign", "true"], { status: 127, words });
});

failure(
  "a dynamic program without its C library: 127, and the loader that it needs",
  async () => {
    using world = worldFor("s390x");
    world.bind(await dash("s390x"), "/usr/bin/foreign-dash");
    world.file(ADMIN_LAYER, '[interpreters.qemu]\nsysroot = ["/none", "/nowhere/{gnu}"]\n');
    const words = ["QEMU", "/lib/ld64.so.1"];
    await fails(world, ["foreign-dash", "-c", "true"], { status: 127, words });
  },
);

failure("a file that matches an entry but is not a program: 126", async () => {
  using world = await worldWithBusybox();
  world.register(`:odd:M::ODD::${HANDLER}:POF`);
  world.file("/usr/share/odd", "ODD", 0o755);
  const words = ["“/usr/share/odd”", "unrecognised program format"];
  await fails(world, ["/usr/share/odd"], { status: 126, words });
});

failure("an ELF file that ends too early: 126", async () => {
  using world = await worldWithBusybox();
  const whole = headersOf(FOREIGN, { interp: "/lib/ld.so", phoff: 1000 });
  for (const length of [20, 63, 999, whole.length - 11, whole.length - 1]) {
    world.file("/usr/share/damaged", whole.slice(0, length), 0o755);
    await fails(world, ["/usr/share/damaged"], { status: 126, words: ["corrupt ELF header"] });
  }
});

failure("an interpreter that its own rule would start: 126, and no loop", async () => {
  using world = await worldWithBusybox();
  world.file(ADMIN_LAYER, '[defaults]\ninterpreter = "own"\n' + own(BUSYBOX));
  await fails(world, ["busybox-foreign", "true"], {
    status: 126,
    words: ["is not a program of this machine"],
  });
});

failure("an interpreter that is not executable: 126, and its path", async () => {
  using world = await worldWithBusybox();
  world.file("/usr/share/plain", "#!/bin/sh\n");
  world.file(ADMIN_LAYER, '[defaults]\ninterpreter = "own"\n' + own("/usr/share/plain"));
  const words = ["/usr/share/plain", "permission denied"];
  await fails(world, ["busybox-foreign", "true"], { status: 126, words });
});

failure("a resolver that produces no table: 125, and how to see why", async () => {
  for (const resolver of ["exit 0", "exit 3", "echo nonsense", "kill -KILL $$"]) {
    using world = await worldWithBusybox();
    world.file("/run/resolver", `#!/bin/sh\n${resolver}\n`, 0o755);
    world.bind(world.outside("/run/resolver"), RESOLVER);
    const words = ["route table", `${RESOLVER} routes`];
    await fails(world, ["busybox-foreign", "true"], { status: 125, words });
  }
});

for (const flags of ["P", "PO", "POF"]) {
  test({
    name: `a program that is executable but not readable, registered with ${flags}: 126`,
    needs: [...NEEDS_KERNEL, "root"],
    fn: async () => {
      using world = new World();
      world.install();
      register(world, FOREIGN, flags);
      // Owned by a user not mapped in the namespace, so that its root has no access. An overlay
      // would open the file for reading itself.
      const program = world.outside("/run/program");
      await Deno.copyFile(await busybox(FOREIGN), program);
      await Deno.chown(program, 12345, 12345);
      await Deno.chmod(program, 0o755);
      assertEquals((await world.run(["bash", "-c", "exec -a true /run/program"])).status, 0);
      await Deno.chmod(program, 0o711);
      const words = ["executable but not readable"];
      await fails(world, ["/run/program", "true"], { status: 126, words });
    },
  });
}
