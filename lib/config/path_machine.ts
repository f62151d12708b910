/** Which machines an interpreter's path speaks of. */
import { MACHINES } from "../elf/machines.ts";

const NAMES = new Set(MACHINES.map(({ name }) => name));
const QEMU = /(?:^|\/)qemu-([^/]+?)(?:-static)?$/;

/**
 * The machine that a path named qemu-MACHINE or qemu-MACHINE-static is for: qemu-user has one
 * program for each.
 */
export function pathMachine(path: string): string | undefined {
  const name = QEMU.exec(path)?.[1];
  return name !== undefined && NAMES.has(name) ? name : undefined;
}

/** Can the program at this path run such programs, as far as its name tells? */
export function pathServes(path: string, machine: string): boolean {
  const told = pathMachine(path);
  return told === undefined || told === machine;
}

/**
 * The machines that an interpreter with these paths is made for, where it does not say so itself.
 */
export function machinesByPath(paths: readonly string[]): readonly string[] {
  const all = MACHINES.map(({ name }) => name);
  if (paths.some((path) => path.includes("{machine}"))) return all;
  const told = new Set(paths.flatMap((path) => pathMachine(path) ?? ["x86_64", "i386"]));
  return all.filter((name) => told.has(name));
}
