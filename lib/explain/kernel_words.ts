/** What is registered for such programs, in words. */
import { printable } from "../printable.ts";
import type { Report } from "./report.ts";

/** Names shown of other entries. */
const SHOWN = 8;

export function kernelWords({ kernel, kind }: Report): string[] {
  const { native, binfmt_misc, entry, registered, others } = kernel;
  const name = printable(kind.name ?? "");
  if (native && !registered) return [`runs ${name} programs itself`];
  if (entry === undefined || binfmt_misc === undefined) return [];
  if (registered) return [`gives ${name} programs to binfmt-dispatcher (${entry} in binfmt_misc)`];
  const register = `the line that registers them: binfmt-dispatcher binfmt --machine ${name}`;
  if (!binfmt_misc) return ["has no binfmt_misc mounted: it knows no foreign programs", register];
  const more = others.length > SHOWN ? `, and ${others.length - SHOWN} more` : "";
  const found = others.length === 0
    ? "nothing is registered in binfmt_misc"
    : `in binfmt_misc are: ${printable(others.slice(0, SHOWN).join(", "))}${more}`;
  return [`does not give ${name} programs to binfmt-dispatcher; ${found}`, register];
}
