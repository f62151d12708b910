import type { Config } from "../config/config.ts";
import { MACHINES } from "../elf/machines.ts";

/** What a choice is for: a machine's programs, or a format's. */
export interface Target {
  readonly name: string;
  /**
   * The values of {gnu} and {debian}; undefined if the target is not a machine, or Debian does not
   * have it.
   */
  readonly gnu: string | undefined;
  readonly debian: string | undefined;
  readonly elf: boolean;
}

/**
 * The target of a format's files that lack the CLR header it requires, if no other format takes
 * them.
 */
export function strayName(format: string): string {
  return `${format} without a CLR header`;
}

/** The machines in their table's order, then the formats by name. */
export function targetsOf(config: Config): Target[] {
  const names = [...config.formats.keys()].sort();
  const strays = names.filter((name) => {
    return config.formats.get(name)!.clr && partnerOf(config, name) === undefined;
  });
  return [
    ...MACHINES.map(({ name, gnu, debian }) => ({ name, gnu, debian, elf: true })),
    ...[...names, ...strays.map(strayName)].map((name) => (
      { name, gnu: undefined, debian: undefined, elf: false }
    )),
  ];
}

export function targetNamed(config: Config, name: string): Target | undefined {
  return targetsOf(config).find((target) => target.name === name);
}

/** The format with the same magic as this one that does not require a CLR header. */
export function partnerOf(config: Config, clr: string): string | undefined {
  const magic = magicKey(config, clr);
  if (magic === undefined) return undefined;
  return [...config.formats.keys()].sort().find((name) =>
    !config.formats.get(name)!.clr && magicKey(config, name) === magic
  );
}

function magicKey(config: Config, name: string): string | undefined {
  const format = config.formats.get(name);
  if (format?.magic === undefined || format.extension !== undefined) return undefined;
  return [format.offset, format.magic, format.mask ?? "all"].join(";");
}
