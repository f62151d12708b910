/** The checks by their stable IDs, for completions and docs/doctor.md, too. */

export interface CheckEntry {
  readonly what: string;
  /** What cannot work if the finding is bad. */
  readonly affects: string;
  /** Runs only when named, because it changes something. */
  readonly named?: boolean;
}

/** In the order in which they run; slow ones last. */
export const CHECKS = {
  "kernel": {
    what: "Is Linux new enough?",
    affects: "arguments of all foreign programs",
  },
  "handler": {
    what: "Is the native handler installed, in the same version?",
    affects: "all foreign programs",
  },
  "binfmt_misc": {
    what: "Is binfmt_misc mounted, writable by root and enabled?",
    affects: "all foreign programs",
  },
  "bpf": {
    what: "Do BPF entries (Linux 7.3) choose interpreters?",
    affects: "programs that such an entry takes",
  },
  "wanted": {
    what: "What is registered at boot: files and links in binfmt.d",
    affects: "programs of these machines and formats after the next boot",
  },
  "entries": {
    what: "Does the kernel start the handler for each enabled machine and format?",
    affects: "programs of these machines and formats",
  },
  "registration": {
    what: "Do the handler's entries have the right flags, and name the installed handler?",
    affects: "programs that these entries take",
  },
  "competitors": {
    what: "Other entries for the same programs, here and in containers",
    affects: "programs that several entries could take, here and in containers",
  },
  "wsl": {
    what: "Does WSL prevent systemd from registering entries?",
    affects: "all foreign programs after the next boot",
  },
  "layers": {
    what: "Configuration files: errors, untrusted files, dangling links",
    affects: "the settings in these files",
  },
  "pages": {
    what: "Does the kernel's page size suit the interpreters?",
    affects: "interpreters that need another page size",
  },
  "interpreters": {
    what: "Which interpreters run static and dynamic programs of each machine?",
    affects: "programs of these machines and formats",
  },
  "muvm": {
    what: "muvm, if the page size requires it: requirements and version",
    affects: "interpreters that run in muvm",
  },
  "fex": {
    what: "FEX's own entries: without them, FEX starts child processes itself",
    affects: "argv[0] and rules of programs that FEX's programs start",
  },
  "tables": {
    what: "Is the route table kept, current and intact?",
    affects: "the time of each start",
  },
  "questions": {
    what: "Can the user be asked: dialogs, terminal, display?",
    affects: "offers to install what is missing",
  },
  "packages": {
    what: "Is there a supported package manager?",
    affects: "offers to install what is missing",
  },
  "polkit": {
    what: "Can users other than root install packages, only through polkit?",
    affects: "who may install packages",
  },
  "file-manager": {
    what: "Can programs be started from a file manager?",
    affects: "starts from a desktop",
  },
  "resolver": {
    what: "Does the resolver, which compiles route tables, start?",
    affects: "all foreign programs after a configuration change",
  },
  "start": {
    what: "Does the kernel start the handler for a probe of each enabled machine?",
    affects: "programs of these machines and formats",
  },
  "muvm-start": {
    what: "Does muvm's virtual machine start? Starts it if it is not running",
    affects: "interpreters that run in muvm",
    named: true,
  },
} as const satisfies Readonly<Record<string, CheckEntry>>;

export type CheckId = keyof typeof CHECKS;

export const CHECK_IDS = Object.keys(CHECKS) as CheckId[];

export function entryOf(id: CheckId): CheckEntry {
  return CHECKS[id];
}
