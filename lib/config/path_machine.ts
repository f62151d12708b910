/** The machines that an interpreter's path implies. */
import { MACHINES } from "../elf/machines.ts";

const NAMES = new Set(MACHINES.map(({ name }) => name));
const QEMU = /(?:^|\/)qemu-([^/]+?)(?:-static)?$/;

/**
 * The machine of a path named qemu-MACHINE or qemu-MACHINE-static: qemu-user has one program for
 * each machine.
 */
export function pathMachine(path: string): string | undefined {
  const name = QEMU.exec(path)?.[1];
  return name !== undefined && NAMES.has(name) ? name : undefined;
}

/** Can the program at this path run the machine's programs, judging by its name? */
export function pathServes(path: string, machine: string): boolean {
  const told = pathMachine(path);
  return told === undefined || told === machine;
}

/**
 * The machines of an interpreter with these paths, if its configuration does not set them.
 */
export function machinesByPath(paths: readonly string[]): readonly string[] {
  const all = MACHINES.map(({ name }) => name);
  if (paths.some((path) => path.includes("{machine}"))) return all;
  const told = new Set(paths.flatMap((path) => pathMachine(path) ?? ["x86_64", "i386"]));
  return all.filter((name) => told.has(name));
}
