import type { Config } from "../config/config.ts";
import { MACHINES } from "../elf/machines.ts";
import { PROBE } from "./format.ts";
import { partnerOf, strayName, type Target } from "./targets.ts";

/** How a kind of program is recognised, and the target that it leads to. */
export interface Kind {
  readonly extension: string | undefined;
  readonly offset: number;
  readonly magic: Uint8Array;
  readonly mask: Uint8Array;
  readonly probe: number;
  readonly target: number;
  /** The target if the CLR probe finds a .NET program. */
  readonly clr_target: number;
}

const NO_BYTES = new Uint8Array();

/**
 * All kinds, in the order in which they are tried. A format that requires a CLR header and the one
 * with the same magic without it are one kind. If no interpreter supports .NET programs, those of
 * the other format may run them.
 */
export function kindsOf(config: Config, targets: readonly Target[]): Kind[] {
  const machines = MACHINES.flatMap(({ magics }, target) =>
    magics.map(({ magic, mask }) => (
      {
        extension: undefined,
        offset: 0,
        magic,
        mask,
        probe: PROBE.PT_INTERP,
        target,
        clr_target: 0,
      }
    ))
  );
  const numberOf = (name: string) =>
    targets.findIndex((target) => !target.elf && target.name === name);
  const inUse = (name: string) =>
    config.formats.get(name)!.interpreter.length > 0 ||
    [...config.interpreters.values()].some((interpreter) => interpreter.machines.includes(name));
  const names = [...config.formats.keys()].sort();
  const partners = names.filter((name) => config.formats.get(name)!.clr)
    .map((name) => partnerOf(config, name));
  const formats = names.filter((name) => !partners.includes(name)).map((name): Kind => {
    const { extension, magic = NO_BYTES, mask, offset, clr } = config.formats.get(name)!;
    const target = numberOf(name);
    const found = { extension, offset, magic, mask: mask ?? magic.map(() => 0xff) };
    if (!clr) return { ...found, probe: PROBE.NONE, target, clr_target: 0 };
    const partner = partnerOf(config, name);
    const probe = partner === undefined || inUse(name) ? PROBE.CLR : PROBE.NONE;
    return { ...found, probe, target: numberOf(partner ?? strayName(name)), clr_target: target };
  });
  return [...machines, ...formats];
}
