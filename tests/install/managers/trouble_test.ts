/**
 * Words of managers and versions that no test here can run, as their sources and users' reports
 * have them; those of dnf 4, apt, pacman and zypper come from real runs in *_real_test.ts too.
 */
import { assert, assertEquals } from "@std/assert";
import type { ManagerName } from "../../../lib/install/managers/manager.ts";
import { MANAGERS } from "../../../lib/install/managers/managers.ts";
import { trouble } from "../../../lib/install/managers/trouble.ts";
import type { TroubleKind } from "../../../lib/install/managers/trouble_signs.ts";

type Case = readonly [ManagerName, TroubleKind, string];

/** From runs of dnf 5.4.6 on a repository like that of dnf_real_test.ts, shortened. */
const DNF5_RUNS: readonly Case[] = [
  [
    "dnf",
    "no network",
    "Updating and loading repositories:\n" +
    " test                                   ???% |   0.0   B/s |  -1.0   B |  ?     \n" +
    ">>> Curl error (7): Could not connect to server for http://127.0.0.1:1/repodata/repomd.xml\n" +
    ">>> Usable URL not found\nRepositories loaded.\nFailed to resolve the transaction:\n" +
    "No match for argument: fex-emu\n",
  ],
  [
    "dnf",
    "signature",
    "Running transaction\nTransaction failed: Signature verification failed.\n" +
    'OpenPGP check for package "fex-emu-1.0-1.noarch" (/var/cache/libdnf5/test-eb46b7aaeed79ffc/' +
    'packages/fex-emu-1.0-1.noarch.rpm) from repo "test" has failed: The package is not signed.\n',
  ],
  [
    "dnf",
    "signature",
    ">>> Curl error (37): Could not read a file:// file for file:///repo/repomd.xml.asc\n" +
    ">>> GPG verification is enabled, but GPG signature is not available. This may be an error\n" +
    "Repositories loaded.\nNo match for argument: fex-emu\n",
  ],
  [
    "dnf",
    "outdated lists",
    "[1/1] fex-emu-0:1.0-1.noarch            100% |  23.4 KiB/s | 335.0   B |  00m00s\n" +
    ">>> Status code: 404 for http://127.0.0.1/noarch/fex-emu-1.0-1.noarch.rpm (IP: 127.0.0.1)\n" +
    ">>> No more mirrors to try - All mirrors were already tried without success\n" +
    "Failed to download packages\n" +
    " Librepo error: Cannot download noarch/fex-emu-1.0-1.noarch.rpm: All mirrors were tried\n",
  ],
  [
    "dnf",
    "disk full",
    "Transaction failed: Rpm transaction failed.\n" +
    "Warning: skipped OpenPGP checks for 1 package from repository: test\n" +
    "  - installing package fex-emu-rootfs-1.0-1.noarch needs 44KB more space on the " +
    "/usr/share/fex-emu-rootfs filesystem\n",
  ],
  [
    "dnf",
    "disk full",
    "Failed to download packages\n" +
    " Librepo error: Curl error (23): Failed writing received data to disk/application\n",
  ],
  [
    "dnf",
    "locked",
    "Waiting for a lock on the system repository. The following processes are currently " +
    'accessing it:\n2799\tdnf5 upgrade\nUse the "--skip-file-locks" option to bypass the lock.\n',
  ],
  [
    "dnf",
    "not found",
    "Waiting for a lock on the system repository. The following processes are currently " +
    "accessing it:\n2799\tdnf5 upgrade\nFailed to resolve the transaction:\n" +
    "No match for argument: a\n",
  ],
];

const DNF5: readonly Case[] = [
  ...DNF5_RUNS,
  ["dnf", "not found", "Failed to resolve the transaction:\nNo match for argument: fex-emu\n"],
  [
    "dnf",
    "conflict",
    "Failed to resolve the transaction:\nProblem: conflicting requests\n" +
    "  - nothing provides a needed by b-0-0.fc44.noarch from @commandline\n",
  ],
  [
    "dnf",
    "no network",
    "Updating and loading repositories:\n" +
    ">>> Curl error (6): Could not resolve hostname for https://mirrors.example.org/metalink\n" +
    'Failed to download metadata (metalink: "https://x") for repository "fedora"\n' +
    " Librepo error: Cannot prepare internal mirrorlist: Curl error (6)\n",
  ],
  [
    "dnf",
    "outdated lists",
    ">>> Status code: 404 for http://mirror.example.org/a.rpm (IP: 192.0.2.1)\n" +
    "Failed to download packages\n",
  ],
  [
    "dnf",
    "signature",
    "Transaction failed: Signature verification failed.\n" +
    'OpenPGP check for package "a-1.fc41.noarch" (/var/cache/a.rpm) from repo "a" has failed: ' +
    "Import of the key didn't help, wrong key?\n",
  ],
  [
    "dnf",
    "no permission",
    "The requested operation requires superuser privileges. Please log in as a user with " +
    'elevated rights, or use the "--assumeno" or "--downloadonly" options.\n',
  ],
  [
    "dnf",
    "no permission",
    'Failed to open lock file "/run/dnf/rpmtransaction.lock": (13) - Permission denied\n',
  ],
  [
    "dnf",
    "locked",
    "Transaction failed: Failed to obtain rpm transaction lock. " +
    "Another transaction is in progress.\n",
  ],
];

const DNF4: readonly Case[] = [
  ["dnf", "no permission", "Error: This command has to be run with superuser privileges (under\n"],
  [
    "dnf",
    "signature",
    "Error: Failed to download metadata for repo 'test': GPG verification is enabled, but GPG " +
    "signature is not available. This may be an error or the repository does not support GPG " +
    "verification: Curl error (37): Couldn't read a file:// file\nUnable to find a match: a\n",
  ],
  ["dnf", "signature", "Public key for a-1.noarch.rpm is not installed\nError: GPG check FAILED\n"],
  [
    "dnf",
    "disk full",
    "[Errno 28] No space left on device: '/var/cache/dnf/fedora.solvx'\n",
  ],
];

const RPM_OSTREE: readonly Case[] = [
  ["rpm-ostree", "not found", "error: Packages not found: kmod-nvidia, xorg-x11-drv-nvidia\n"],
  [
    "rpm-ostree",
    "locked",
    "error: Transaction in progress: update --check \n You can cancel the current transaction\n",
  ],
  [
    "rpm-ostree",
    "conflict",
    "Resolving dependencies... done\nerror: Could not depsolve transaction; 1 problem detected:\n",
  ],
  [
    "rpm-ostree",
    "disk full",
    "error: Writing content object: min-free-space-percent '3%' would be exceeded, at least 1 MB\n",
  ],
  [
    "rpm-ostree",
    "no network",
    "error: Updating rpm-md repo 'fedora': Cannot download repomd.xml\n",
  ],
];

const OTHERS: readonly Case[] = [
  [
    "apt",
    "signature",
    "W: GPG error: http://x InRelease: The following signatures couldn't be verified because the " +
    "public key is not available: NO_PUBKEY 0E98404D386FA1D9\n",
  ],
  ["apt", "not found", "E: Package 'emulator' has no installation candidate\n"],
  ["apt", "no network", "E: Failed to fetch http://x/a.deb  Temporary failure resolving 'x'\n"],
  ["pacman", "no permission", "error: you cannot perform this operation unless you are root.\n"],
  [
    "pacman",
    "conflict",
    "error: unresolvable package conflicts detected\nerror: failed to " +
    "prepare transaction (conflicting dependencies)\n",
  ],
  ["pacman", "signature", 'error: a: signature from "B <b@x>" is unknown trust\n'],
  [
    "pacman",
    "disk full",
    "error: failed to init transaction (unable to lock database)\n" +
    "error: could not lock database: No space left on device\n",
  ],
  [
    "zypper",
    "read-only",
    "This is a transactional-server, please use transactional-update to update or modify the " +
    "system.\n",
  ],
  [
    "dnf",
    "read-only",
    "Error: this bootc system is configured to be read-only. For more information, run " +
    "`bootc --help`.\n",
  ],
  ["zypper", "no permission", "Root privileges are required to run this command.\n"],
];

Deno.test("trouble() knows what managers say", () => {
  for (const [name, kind, output] of [...DNF5, ...DNF4, ...RPM_OSTREE, ...OTHERS]) {
    assertEquals(trouble(name, output, 1).kind, kind, output);
  }
});

Deno.test("trouble() goes by the exit status where nothing is said", () => {
  assertEquals(trouble("zypper", "", 7).kind, "locked");
  assertEquals(trouble("zypper", "", 5).kind, "no permission");
  assertEquals(trouble("dnf", "", 200).kind, "locked");
  assertEquals(trouble("apt", "", 100), {
    kind: "other",
    why: "apt ended with status 100",
    hint: "The last lines that apt wrote say more.",
  });
});

Deno.test("trouble() says names, places and processes, and says how to go on", () => {
  assertEquals(trouble("dnf", "No match for argument: fex-emu\n", 1), {
    kind: "not found",
    why: "there is no package “fex-emu”",
    hint: "Run “dnf makecache --refresh” as root, then try again, " +
      "or enable a repository that has it.",
  });
  const held = "E: Could not get lock /var/lib/dpkg/lock. It is held by process 12 (apt)\n";
  assertEquals(
    trouble("apt", held, 100).why,
    "another package manager is at work (process 12)",
  );
  const forged = "needs 5MB more space on the /\x1b[2J filesystem";
  assertEquals(trouble("dnf", forged, 1).why, "there is not enough space in /\\u001b[2J");
  assert(trouble("dnf", forged, 1).hint.includes("read-only"));
  assert(!trouble("pacman", "error: Partition /usr too full\n", 1).hint.includes("read-only"));
});

Deno.test("every trouble is a clause and a whole sentence", () => {
  for (const [name, , output] of [...DNF5, ...DNF4, ...RPM_OSTREE, ...OTHERS]) {
    const { why, hint } = trouble(name, output, 1);
    assert(!/[.!]$/.test(why) && /^[A-Z].*\.$/.test(hint), `${why}: ${hint}`);
  }
});

Deno.test("trouble() looks at the end of an output, however long it is", () => {
  const noise = "Get:1 http://x  (404\n".repeat(200_000);
  for (const name of Object.keys(MANAGERS) as ManagerName[]) {
    assertEquals(trouble(name, noise, 1).kind, "other");
    assertEquals(trouble(name, `${noise}No space left on device`, 1).kind, "disk full");
  }
});
