/** Debian's programs for other machines, and worlds in which they run. */
import { binfmtLine, type Entry } from "../../lib/binfmt/line.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { NATIVE } from "../../lib/elf/machines.ts";
import { HANDLER } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { machine } from "../elf/build_elf.ts";

/** A machine other than the host's, whose programs are easy to get. */
export const FOREIGN = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";

/** The abilities that every test here needs. */
export const NEEDS: readonly Ability[] = ["world", "qemu-user-static", "apt", "compiled"];

/**
 * The same where the owner of a directory matters: in an ordinary user's namespace directories
 * of the real root belong to nobody.
 */
export const NEEDS_OWNERS: readonly Ability[] = [...NEEDS, "root"];

/** The same where the kernel itself starts the handler, or something else is mounted. */
export const NEEDS_KERNEL: readonly Ability[] = [...NEEDS, "binfmt_misc"];

/** In PATH, with a name for which busybox takes the applet from its first argument. */
export const BUSYBOX = "/usr/bin/busybox-foreign";

/** An interpreter that prints its name and arguments in one line, each argument in brackets. */
export const PROBE = `#!/bin/sh
printf '%s:' "\${0##*/}"
printf ' [%s]' "$@"
printf '\\n'
`;

/** Configuration of an interpreter that shows its arguments. */
export function probe(id: string, more = ""): string {
  return `[interpreters.${id}]\npath = "/usr/bin/${id}"\nmachines = ["${FOREIGN}"]\n${more}\n`;
}

/** Debian's busybox for a machine: a static program. */
export async function busybox(name: string): Promise<string> {
  return `${await fetchPackage("busybox-static", machine(name).debian!)}/bin/busybox`;
}

/** Debian's dash for a machine: a dynamic program that needs no library but the C library. */
export async function dash(name: string): Promise<string> {
  return `${await fetchPackage("dash", machine(name).debian!)}/bin/dash`;
}

/** Puts the machine's C library into the world, where Debian's cross packages have it. */
export async function addLibrary(world: World, name: string): Promise<void> {
  const { gnu, debian } = machine(name);
  const directory = await fetchPackage(`libc6-${debian}-cross`, "all");
  world.link(`/usr/${gnu}`, `${directory}/usr/${gnu}`);
}

/** The line for an entry. */
export function lineOf(entry: Entry, interpreter: string, flags: string): string {
  const line = binfmtLine(entry, interpreter, flags);
  if (!line.ok) throw new Error(line.failure.why);
  return line.value;
}

/** Registers the handler for a machine's programs, even if the host runs them natively. */
export function register(world: World, name: string, flags = "POF"): void {
  for (const entry of machineEntries(machine(name))) {
    world.register(lineOf(entry, HANDLER, flags));
  }
}

/** A world in which the machines' programs run, with the shipped configuration. */
export function worldFor(...names: readonly string[]): World {
  const world = new World();
  const isNative = (name: string) => NATIVE[Deno.build.arch]?.includes(name) ?? false;
  world.install(names.filter((name) => !isNative(name)));
  for (const name of names.filter(isNative)) register(world, name);
  return world;
}

/** A world with a foreign busybox at BUSYBOX, which is the applet that argv[0] names. */
export async function worldWithBusybox(): Promise<World> {
  const world = worldFor(FOREIGN);
  world.bind(await busybox(FOREIGN), BUSYBOX);
  return world;
}
