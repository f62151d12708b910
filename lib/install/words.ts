/** The question whether to install something. */
import type { Offer } from "./offer.ts";
import type { Package } from "./find_packages.ts";

/** The subject of the question. */
export interface Asking {
  /** The program's name for people; undefined if there is none. */
  readonly program: string | undefined;
  /** A machine or format, such as x86_64. */
  readonly target: string;
  /** The loader of a dynamic program. */
  readonly loader: string | undefined;
  /** The user is root. */
  readonly root: boolean;
}

export const TITLE = "binfmt-dispatcher";
export const INSTALL = "Install";
export const CANCEL = "Cancel";

/** Says what is needed, by which packages, and whether a password will be asked for. */
export function question(offer: Offer, asking: Asking): string {
  const { lacking, packages, found: { manager } } = offer;
  const what = packages.map(({ name }) => name).join(", ");
  const how = [sizeWords(packages), `with ${manager.name}`].filter((each) => each !== "");
  const sentences = [
    `${need(offer, asking)}: ${what} (${how.join(", ")}).`,
    ...(manager.restart ? ["It works after a restart of the computer."] : []),
    ...(asking.root ? [] : ["You will be asked for an administrator's password."]),
  ];
  return `${made(asking, lacking.loader)}${sentences.join(" ")}`;
}

function made({ program, target }: Asking, loader: boolean): string {
  return program === undefined || loader ? "" : `“${program}” is made for ${target} computers. `;
}

function need({ lacking }: Offer, { program, target, loader }: Asking): string {
  if (!lacking.loader) {
    const it = program === undefined ? `${target} programs` : "it";
    return `To run ${it} here, ${lacking.name} is needed`;
  }
  const file = loader === undefined ? "" : ` (${loader})`;
  return `${program === undefined ? "It" : `“${program}”`} needs the ${target} C library${file}`;
}

/** “120 MB”: the sum of all known sizes; "" if none is known. */
function sizeWords(packages: readonly Package[]): string {
  const bytes = packages.reduce((sum, { size }) => sum + (size ?? 0), 0);
  if (bytes === 0) return "";
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
