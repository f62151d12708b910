/**
 * What package managers say of the troubles that people meet, in the C locale. Where no source is
 * named, the words are from real runs of the versions that tests/install works with.
 */
import type { ManagerName } from "./manager.ts";

export type TroubleKind =
  | "no network" // a package source cannot be reached
  | "not found" // no source has the package
  | "outdated lists" // a source has no such file any more
  | "signature" // something is not signed, or by the wrong key
  | "locked" // another package manager is at work
  | "disk full"
  | "read-only" // an image that packages are not added to, or a mount that failed
  | "no permission"
  | "conflict" // packages that do not fit together
  | "other";

/** A group `pid`, `place` or `name` is told to people. */
export type Sign = readonly [TroubleKind, RegExp];

/** The system's own words (strerror), as any of them passes them on. */
const DISK_FULL: Sign = ["disk full", /No space left on device|Disk quota exceeded/];

const READ_ONLY: Sign = ["read-only", /Read-only file system/];

/** Proxy, name, connection, timeout, reset: https://curl.se/libcurl/c/libcurl-errors.html */
const CURL_OUTAGE = /Curl error \((?:5|6|7|28|35|37|52|55|56)\)/;

/** Librepo's and rpm's, which dnf 4, dnf 5 and rpm-ostree all use. */
const RPM: readonly Sign[] = [
  DISK_FULL,
  READ_ONLY,
  // dnf-4.20's plugin and dnf5/main.cpp.
  ["read-only", /bootc system is configured to be read-only/],
  ["disk full", /Curl error \(23\)/],
  ["disk full", /needs \d+[KMG]?B(?: more space)? on the (?<place>\S+) filesystem/],
  ["disk full", /more space needed on the (?<place>\S+) filesystem/],
  ["signature", /GPG check FAILED|Public key for \S+ is not (?:installed|trusted)/],
  ["signature", /You have enabled checking of packages via GPG keys/],
  ["signature", /GPG verification is enabled, but GPG signature is not available/],
  ["signature", /(?:GPG|OpenPGP) (?:check|signature)[^\n]*(?:failed|not correctly installed)/i],
  ["signature", /repomd\.xml GPG signature verification error|Bad (?:GPG|PGP) signature/i],
  // dnf 5: libdnf5/base/transaction.cpp, TRANSACTION_RUN_RESULT_DICT.
  ["signature", /Signature verification failed/],
  ["outdated lists", /Status code: 404 for/],
  ["outdated lists", /has incorrect checksum|Downloading successful, but checksum doesn't match/],
  ["no network", CURL_OUTAGE],
  [
    "no network",
    /Status code: 5\d\d for|Cannot download repomd\.xml|Cannot prepare internal mirror/,
  ],
  ["no network", /Failed to download metadata|Usable URL not found|All mirrors were tried/],
  ["conflict", /^ *Problem(?: \d+)?:|Transaction (?:test|check) error/m],
  ["conflict", /conflicts (?:with|between attempted installs)/],
];

const DNF: readonly Sign[] = [
  ["no permission", /has to be run with superuser privileges/],
  // dnf 5: dnf5/context.cpp; where a command does not look, its lock is refused.
  ["no permission", /operation requires superuser privileges/],
  ["no permission", /rpmtransaction\.lock": \(13\)/],
  ["locked", /already locked by (?<pid>\d+)/],
  ["locked", /Failed to obtain (?:the|rpm) transaction lock|can't create transaction lock/],
  ...RPM,
  ["not found", /No match for argument:? '?(?<name>[A-Za-z0-9@+._:-]+)/],
  ["not found", /Unable to find a match: (?<name>[A-Za-z0-9@+._:-]+)/],
  // dnf 5.4 says this before it waits: it is the trouble only where it was ended while it did.
  ["locked", /Waiting for a lock on the system repository[^\n]*\n(?<pid>\d+)\t/],
];

/** https://github.com/coreos/rpm-ostree, src/daemon/rpmostreed-sysroot.cxx and src/libpriv */
const RPM_OSTREE: readonly Sign[] = [
  ["no permission", /Authorization (?:not obtained|error)|requires? root|Not authorized/i],
  ["no permission", /org\.freedesktop\.DBus\.Error\.AccessDenied|Rejected send message/],
  ["locked", /Transaction in progress: /],
  ["disk full", /min-free-space-(?:size|percent) '[^']*' would be exceeded/],
  ...RPM,
  ["conflict", /Could not depsolve transaction/],
  ["not found", /Packages not found: (?<name>[A-Za-z0-9@+._:-]+)/],
];

const APT: readonly Sign[] = [
  // Both are about a lock, but this one is not held.
  ["no permission", /are you root\?|requested operation requires superuser privilege/],
  ["locked", /Could not get lock \S+ It is held by process (?<pid>\d+)/],
  ["locked", /Could not get lock|is another process using it\?|frontend lock is locked by another/],
  DISK_FULL,
  READ_ONLY,
  ["disk full", /You don't have enough free space in (?<place>\S+?)\.?$/m],
  ["signature", /There were unauthenticated packages/],
  ["signature", /^E: The repository [^\n]* is (?:not|no longer) signed/m],
  ["signature", /NO_PUBKEY|BADSIG|EXPKEYSIG|signatures (?:couldn't be verified|were invalid)/],
  ["outdated lists", /^E: Failed to fetch [^\n]*(?:404 {1,2}Not Found|Hash Sum mismatch)/m],
  ["outdated lists", /^E: Failed to fetch [^\n]*(?:size mismatch|No such file or directory)/im],
  ["outdated lists", /^E: Failed to fetch [^\n]*File has unexpected size/m],
  ["no network", /^E: Failed to fetch /m],
  ["no network", /(?:Could not|Unable to) (?:connect|resolve)|Temporary failure resolving/],
  ["conflict", /unmet dependencies|held broken packages|Unable to satisfy dependencies/],
  ["conflict", /remove is disabled|trying to overwrite/],
  ["not found", /Unable to locate package (?<name>[A-Za-z0-9+._:-]+)/],
  ["not found", /Package '?(?<name>[A-Za-z0-9+._:-]+)'? has no installation candidate/],
];

/** https://gitlab.archlinux.org/pacman/pacman, lib/libalpm/error.c */
const PACMAN: readonly Sign[] = [
  ["no permission", /you cannot perform this operation unless you are root/],
  // Each may also be why the database cannot be locked.
  DISK_FULL,
  READ_ONLY,
  ["locked", /unable to lock database/],
  ["disk full", /Partition (?<place>\S+) too full|not enough free disk space/],
  ["signature", /PGP signature|missing required signature|unknown trust|keyring is not writable/],
  ["signature", /key "[^"]*" could not be (?:looked up|imported)|signature from [^\n]* is invalid/],
  ["outdated lists", /The requested URL returned error: 404|Couldn't open file|checksum\)/],
  ["outdated lists", /failed retrieving file [^\n]*from disk/],
  [
    "no network",
    /failed retrieving file|failed to synchronize all databases|download library error/,
  ],
  ["conflict", /conflicting (?:dependencies|files)|are in conflict|could not satisfy dependencies/],
  ["not found", /target not found: (?<name>[A-Za-z0-9@+._:-]+)/],
];

/**
 * Where a source fails, zypper goes on without it, and then misses the package: so that comes last.
 */
const ZYPPER: readonly Sign[] = [
  ["no permission", /Root privileges are required/],
  ["locked", /System management is locked by the application with pid (?<pid>\d+)/],
  DISK_FULL,
  READ_ONLY,
  // https://github.com/openSUSE/zypper, src/commands/conditions.cc
  ["read-only", /This is a transactional-server|target filesystem is mounted as read-only/],
  ["disk full", /needs \d+[KMG]?B(?: more space)? on the (?<place>\S+) filesystem/],
  ["signature", /Signature verification failed|is unsigned, continue\?|signed with an unknown key/],
  ["signature", /failed signature check|has a bad signature|Package is not signed/i],
  ["outdated lists", /\(curl\) error [^]{0,400}(?:404|File not found)|not found on medium/],
  ["no network", /\((?:curl|libcurl)\) error for|Connection failed|Could not resolve host/],
  ["no network", /Valid metadata not found|Timeout exceeded when accessing/],
  ["conflict", /^Problem: |conflicts with|nothing provides/m],
  ["not found", /No provider of '(?<name>[A-Za-z0-9@+._:-]+)' found/],
  ["not found", /'(?<name>[A-Za-z0-9@+._:-]+)' not found in package names/],
];

/** In the order in which they decide: the first that is found is the trouble. */
export const TROUBLE_SIGNS: Readonly<Record<ManagerName, readonly Sign[]>> = {
  "apt": APT,
  "dnf": DNF,
  "pacman": PACMAN,
  "zypper": ZYPPER,
  "rpm-ostree": RPM_OSTREE,
};
