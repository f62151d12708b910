/**
 * Why an installation failed, recognised by the package manager's messages in the C locale.
 * tests/install/managers makes real managers print them. The user sees the last lines of the output
 * in any case.
 */
import { printable } from "../../printable.ts";
import type { ManagerName } from "./manager.ts";
import { MANAGERS } from "./managers.ts";

type TroubleKind =
  | "no network" // a package source cannot be reached
  | "not found" // no source has the package
  | "outdated lists" // a source no longer has the file
  | "signature" // a signature is missing, or made by the wrong key
  | "locked" // another package manager is running
  | "disk full"
  | "no room" // rpm reports this for read-only file systems, too
  | "read-only"
  | "interrupted" // dpkg was interrupted before
  | "conflict" // packages exclude each other
  | "other";

export interface Trouble {
  readonly kind: TroubleKind;
  /** A clause without a period: follows "Cannot install FEX: ". */
  readonly why: string;
  /** What to do next, a whole sentence. */
  readonly hint: string;
}

/** The groups `pid`, `place` and `name` appear in messages. */
type Sign = readonly [TroubleKind, RegExp];

/** Messages of strerror(3), for all managers. */
const SYSTEM: readonly Sign[] = [
  ["disk full", /No space left on device/],
  ["read-only", /Read-only file system/],
];

const RPM: Sign = ["no room", /needs \d+[KMG]?B more space on the (?<place>\S+) filesystem/];

/** In order of precedence. */
const SIGNS: Readonly<Record<ManagerName, readonly Sign[]>> = {
  "apt": [
    ["interrupted", /dpkg was interrupted/],
    ["locked", /Could not get lock \S+ It is held by process (?<pid>\d+)/],
    ["disk full", /You don't have enough free space in (?<place>\S+?)\.?$/m],
    ["signature", /There were unauthenticated packages/],
    ["outdated lists", /^E: Failed to fetch [^\n]*(?:404 {2}Not Found|No such file or directory)/m],
    ["outdated lists", /^E: Failed to fetch [^\n]*(?:Hash Sum mismatch|File has unexpected size)/m],
    ["no network", /^E: Failed to fetch /m],
    ["conflict", /unmet dependencies|remove is disabled/],
    ["not found", /Unable to locate package (?<name>[A-Za-z0-9+._:-]+)/],
  ],
  "dnf": [
    ["locked", /already locked by (?<pid>\d+)/],
    RPM,
    ["signature", /GPG check FAILED|You have enabled checking of packages via GPG keys/],
    ["outdated lists", /Status code: 404 for|has incorrect checksum/],
    // Unknown host, no connection, unreadable file: https://curl.se/libcurl/c/libcurl-errors.html
    ["no network", /Curl error \((?:6|7|37)\)/],
    ["conflict", /^ *Problem:/m],
    ["not found", /No match for argument: (?<name>[A-Za-z0-9@+._:-]+)/],
  ],
  "pacman": [
    ["locked", /unable to lock database/],
    ["disk full", /Partition (?<place>\S+) too full/],
    ["signature", /missing required signature/],
    ["outdated lists", /The requested URL returned error: 404|Couldn't open file/],
    ["no network", /failed retrieving file/],
    ["conflict", /could not satisfy dependencies/],
    ["not found", /target not found: (?<name>[A-Za-z0-9@+._:-]+)/],
  ],
  // zypper continues without a source that fails, and then misses the package: that comes last.
  "zypper": [
    ["locked", /System management is locked by the application with pid (?<pid>\d+)/],
    RPM,
    ["signature", /is unsigned, continue\?/],
    ["outdated lists", /not found on medium/],
    ["no network", /\(curl\) error for|Valid metadata not found/],
    ["conflict", /^Problem: /m],
    ["not found", /'(?<name>[A-Za-z0-9@+._:-]+)' not found/],
  ],
  "rpm-ostree": [],
};

/** Characters of the output that are searched: errors are at the end. */
const TAIL = 64 * 1024;

/** Recognises the trouble from standard output and error and the exit status. */
export function trouble(manager: ManagerName, output: string, status: number): Trouble {
  const tail = output.slice(-TAIL);
  for (const [kind, sign] of [...SYSTEM, ...SIGNS[manager]]) {
    const found = sign.exec(tail);
    if (found !== null) return describe(kind, { manager, status, told: found.groups ?? {} });
  }
  return describe("other", { manager, status, told: {} });
}

/** What messages about a trouble can name. */
interface About {
  readonly manager: ManagerName;
  readonly status: number;
  /** The groups of the sign. */
  readonly told: Readonly<Record<string, string | undefined>>;
}

const refresh = ({ manager }: About) => `Run “${MANAGERS[manager].refresh}” as root`;

const WORDS: Readonly<Record<TroubleKind, (about: About) => Omit<Trouble, "kind">>> = {
  "no network": () => ({
    why: "a package source cannot be reached",
    hint: "Check the network connection, then try again.",
  }),
  "not found": (about) => ({
    why: `there is no package “${about.told["name"]}”`,
    hint: `${refresh(about)}, then try again, or enable a repository that has it.`,
  }),
  "outdated lists": (about) => ({
    why: "the package lists are outdated",
    hint: `${refresh(about)}, then try again.`,
  }),
  "signature": () => ({
    why: "a signature is missing or cannot be checked",
    hint: "Check that the repository and its key are the right ones.",
  }),
  "locked": ({ told: { pid } }) => ({
    why: `another package manager is running${pid === undefined ? "" : ` (process ${pid})`}`,
    hint: "Wait until it finishes, then try again.",
  }),
  "disk full": ({ told: { place } }) => ({
    why: `there is not enough space ${
      place === undefined ? "on the disk" : `in ${printable(place)}`
    }`,
    hint: "Free some space, then try again.",
  }),
  "no room": ({ told: { place } }) => ({
    why: `there is not enough space in ${printable(place!)}`,
    hint: "Free some space, then try again. rpm also reports this for a read-only file system.",
  }),
  "read-only": () => ({
    why: "this system is read-only",
    hint: "Install packages in the way that the distribution describes.",
  }),
  "interrupted": () => ({
    why: "an earlier installation was interrupted",
    hint: "Run “dpkg --configure -a” as root, then try again.",
  }),
  "conflict": ({ manager }) => ({
    why: "the packages conflict with installed ones",
    hint: `Resolve the conflict that ${manager} reports first.`,
  }),
  "other": ({ manager, status }) => ({
    why: `${manager} exited with status ${status}`,
    hint: `See the last lines of the output of ${manager}.`,
  }),
};

function describe(kind: TroubleKind, about: About): Trouble {
  return { kind, ...WORDS[kind](about) };
}
