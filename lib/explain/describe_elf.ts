/** An ELF header in words. */
import { ET } from "../elf/constants.ts";
import type { ElfFacts } from "./report.ts";

const TYPES: Readonly<Record<number, string>> = {
  [ET.REL]: "relocatable object (ET_REL)",
  [ET.EXEC]: "executable (ET_EXEC)",
  [ET.DYN]: "position-independent (ET_DYN)",
  [ET.CORE]: "core dump (ET_CORE)",
};

/** "64-bit little-endian, position-independent (ET_DYN), dynamic" */
export function describeElf(elf: ElfFacts, known: boolean): string {
  const { EI_CLASS, EI_DATA, e_type, e_machine, linkage, appimage } = elf;
  return [
    `ELF ${EI_CLASS === 2 ? 64 : 32}-bit ${EI_DATA === 1 ? "little" : "big"}-endian`,
    ...(known ? [] : [`unknown e_machine ${e_machine}`]),
    TYPES[e_type] ?? `e_type ${e_type}`,
    linkage,
    ...(appimage === undefined ? [] : [`AppImage type ${appimage}`]),
  ].join(", ");
}
