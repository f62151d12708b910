/** Sweeps starts in an emulated aarch64 machine. */
import { assertEquals } from "@std/assert";
import { bundle } from "../../tasks/bundle.ts";
import { ROOT } from "../../tasks/start.ts";
import { Image } from "../vm/image.ts";
import { Machine } from "../vm/machine.ts";
import { addSystem, debian, TRIPLET } from "../vm/system.ts";
import { ALL_KINDS, type Kind } from "./kinds.ts";
import type { Tally } from "./sweep.ts";

/** Where a bundle looks for files: all of its modules count as one in this directory. */
const HERE = "/repository/tests";

/** tcc has no static C library and no warnings as gcc has them. */
const GCC = `#!/bin/sh
for word; do
  shift
  case $word in -static | -W*) ;; *) set -- "$@" "$word" ;; esac
done
exec tcc "$@"
`;

export class FaultMachine {
  readonly #machine: Machine;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** `directory` is for its files. */
  static async boot(directory: string): Promise<FaultMachine> {
    const image = new Image();
    const kernel = await addSystem(image);
    await addTools(image);
    const script = `${directory}/sweep.js`;
    const fault = await bundle(script, `${ROOT}/tests/soak/sweep_here.ts`);
    if (fault !== undefined) throw new Error(fault);
    image.copy(script, `${HERE}/sweep.js`);
    image.copy(`${ROOT}/lib`, "/repository/lib");
    image.copy(`${ROOT}/tests/reporter.ts`, `${HERE}/reporter.ts`);
    image.copy(`${ROOT}/tests/soak/injector.c`, `${HERE}/injector.c`);
    const initramfs = `${directory}/initramfs`;
    image.write(initramfs);
    const machine = await Machine.boot(kernel, initramfs);
    const { stderr } = await machine.sh("mkdir /dev/pts && mount -t devpts devpts /dev/pts");
    assertEquals(stderr, "");
    return new FaultMachine(machine);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#machine[Symbol.asyncDispose]();
  }

  /** Sweeps a kind of starts with one fault in `every`. */
  async sweep(kind: Kind, every: number): Promise<Tally> {
    const index = ALL_KINDS.indexOf(kind);
    const deno = ["deno", "run", "--allow-all", "--no-config", "--no-lock", "--no-remote"];
    const argv = [...deno, `${HERE}/sweep.js`, `${index}`, `${every}`];
    const env = { HOME: "/root", NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
    const { status, stdout, stderr } = await this.#machine.run(argv, { env });
    assertEquals(status, 0, stderr);
    return JSON.parse(stdout) as Tally;
  }
}

/** A C compiler, and the programs of which busybox's know too little. */
async function addTools(image: Image): Promise<void> {
  image.copy(`${await debian("dash")}/usr/bin/dash`, "/usr/bin/sh");
  image.copy(`${await debian("util-linux")}/usr/bin/unshare`, "/usr/bin/unshare");
  const compiler = await debian("tcc");
  image.copy(`${compiler}/usr/bin/tcc`, "/usr/bin/tcc");
  image.copy(`${compiler}/usr/lib`, "/usr/lib");
  const library = await debian("libc6-dev");
  image.copy(`${library}/usr/include`, "/usr/include");
  image.copy(`${library}/usr/lib/${TRIPLET}`, `/usr/lib/${TRIPLET}`);
  const kernel = await debian("linux-libc-dev", "all");
  image.copy(`${kernel}/usr/include`, "/usr/include");
  image.copy(`${kernel}/usr/lib/linux`, "/usr/lib/linux");
  image.file("/usr/bin/gcc", GCC, 0o755);
}
