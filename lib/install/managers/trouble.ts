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
export function trouble(manager: ManagerName, output: string, status: number): Trouble {
  const tail = output.slice(-TAIL);
  if (manager === "apt" && tail.includes("dpkg was interrupted")) return INTERRUPTED;
  for (const [kind, sign] of TROUBLE_SIGNS[manager]) {
    const found = sign.exec(tail);
    if (found !== null) return describe(kind, { manager, status, told: found.groups ?? {} });
  }
  return describe(BY_STATUS[manager]?.get(status) ?? "other", { manager, status, told: {} });
}

const INTERRUPTED: Trouble = {
  kind: "other",
  why: "an earlier installation was interrupted",
  hint: "Run “dpkg --configure -a” as root, then try again.",
};

/** rpm counts a read-only file system's free space as none: lib/rpmts.c, ST_RDONLY. */
const RPM_BASED: readonly ManagerName[] = ["dnf", "zypper", "rpm-ostree"];

/** What the words of a trouble can name. */
interface About {
  readonly manager: ManagerName;
  readonly status: number;
  /** A package's name, a place, another package manager's process: by the sign's groups. */
  readonly told: Readonly<Record<string, string | undefined>>;
}

const refresh = ({ manager }: About) => `Run “${MANAGERS[manager].refresh}” as root`;

type Words = Pick<Trouble, "why" | "hint">;

const WORDS: Readonly<Record<TroubleKind, (about: About) => Words>> = {
  "no network": () => ({
    why: "a package source cannot be reached",
    hint: "Check the connection to the network, then try again.",
  }),
  "not found": (about) => ({
    why: about.told["name"] === undefined
      ? "there is no such package"
      : `there is no package “${about.told["name"]}”`,
    hint: `${refresh(about)}, then try again, or enable a repository that has it.`,
  }),
  "outdated lists": (about) => ({
    why: "the lists of packages name files that the source does not have any more",
    hint: `${refresh(about)}, then try again.`,
  }),
  "signature": () => ({
    why: "a signature is missing or cannot be checked",
    hint: "Check that the repository and its key are the right ones.",
  }),
  "locked": ({ told: { pid } }) => ({
    why: `another package manager is at work${pid === undefined ? "" : ` (process ${pid})`}`,
    hint: "Wait until it has ended, then try again.",
  }),
  "disk full": ({ manager, told: { place } }) => ({
    why: `there is not enough space${
      place === undefined ? " on the disk" : ` in ${printable(place)}`
    }`,
    hint: place === undefined || !RPM_BASED.includes(manager)
      ? "Delete what is not needed, then try again."
      : "Delete what is not needed, then try again; rpm says this of a read-only place, too.",
  }),
  "read-only": () => ({
    why: "this system is read-only",
    hint: "Add packages to it in the way that its distribution describes.",
  }),
  "no permission": () => ({
    why: "root's rights are missing",
    hint: "Try again as an administrator.",
  }),
  "conflict": ({ manager }) => ({
    why: "the packages do not fit together with what is installed",
    hint: `Read what ${manager} says of it, and solve that first.`,
  }),
  "other": ({ manager, status }) => ({
    why: `${manager} ended with status ${status}`,
    hint: `The last lines that ${manager} wrote say more.`,
  }),
};

function describe(kind: TroubleKind, about: About): Trouble {
  return { kind, ...WORDS[kind](about) };
}
