/** Why a package manager did not install what it was asked for. */
import { printable } from "../../printable.ts";
import type { ManagerName } from "./manager.ts";
import { MANAGERS } from "./managers.ts";
import { TROUBLE_SIGNS, type TroubleKind } from "./trouble_signs.ts";

export interface Trouble {
  readonly kind: TroubleKind;
  /** A clause without a period: follows "Cannot install FEX: ". */
  readonly why: string;
  /** What to do next, a whole sentence. */
  readonly hint: string;
}

/** Characters of the output that are looked at: what ended it stands at the end. */
const TAIL = 64 * 1024;

/** Exit statuses that tell it where the words do not: zypper(8), EXIT CODES; dnf/cli/main.py. */
const BY_STATUS: Readonly<Partial<Record<ManagerName, ReadonlyMap<number, TroubleKind>>>> = {
  dnf: new Map([[200, "locked"]]),
  zypper: new Map([[5, "no permission"], [7, "locked"], [104, "not found"]]),
};

/** From what it wrote, standard output and error, and the exit status of a failure. */
export function trouble(name: ManagerName, output: string, status: number): Trouble {
  const tail = output.slice(-TAIL);
  if (name === "apt" && tail.includes("dpkg was interrupted")) return INTERRUPTED;
  for (const [kind, sign] of TROUBLE_SIGNS[name]) {
    const found = sign.exec(tail);
    if (found !== null) return describe(kind, name, status, found.groups ?? {});
  }
  return describe(BY_STATUS[name]?.get(status) ?? "other", name, status, {});
}

const INTERRUPTED: Trouble = {
  kind: "other",
  why: "an earlier installation was interrupted",
  hint: "Run “dpkg --configure -a” as root, then try again.",
};

type Told = Readonly<Record<string, string | undefined>>;

function describe(kind: TroubleKind, name: ManagerName, status: number, told: Told): Trouble {
  const refresh = `Run “${MANAGERS[name].refresh}” as root`;
  const { pid, place } = told;
  switch (kind) {
    case "no network":
      return {
        kind,
        why: "a package source cannot be reached",
        hint: "Check the connection to the network, then try again.",
      };
    case "not found":
      return {
        kind,
        why: told["name"] === undefined
          ? "there is no such package"
          : `there is no package “${told["name"]}”`,
        hint: `${refresh}, then try again, or enable a repository that has it.`,
      };
    case "outdated lists":
      return {
        kind,
        why: "the lists of packages name files that the source does not have any more",
        hint: `${refresh}, then try again.`,
      };
    case "signature":
      return {
        kind,
        why: "a signature is missing or cannot be checked",
        hint: "Check that the repository and its key are the right ones.",
      };
    case "locked":
      return {
        kind,
        why: `another package manager is at work${pid === undefined ? "" : ` (process ${pid})`}`,
        hint: "Wait until it has ended, then try again.",
      };
    case "disk full":
      return {
        kind,
        why: `there is not enough space${
          place === undefined ? " on the disk" : ` in ${printable(place)}`
        }`,
        hint: "Delete what is not needed, then try again.",
      };
    case "no permission":
      return {
        kind,
        why: "root's rights are missing",
        hint: "Try again as an administrator.",
      };
    case "conflict":
      return {
        kind,
        why: "the packages do not fit together with what is installed",
        hint: `Read what ${name} says of it, and solve that first.`,
      };
    case "other":
      return {
        kind,
        why: `${name} ended with status ${status}`,
        hint: `The last lines that ${name} wrote say more.`,
      };
  }
}
