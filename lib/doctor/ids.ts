/** What doctor looks at, by ids that stay: its completions and its page are made of it. */

export interface CheckEntry {
  readonly what: string;
  /** What cannot work where it is bad. */
  readonly affects: string;
  /** Only where it is asked for by its id: it changes something. */
  readonly named?: boolean;
}

/** In the order in which they are done and shown: slow ones last. */
export const CHECKS = {
  "kernel": {
    what: "Is Linux new enough?",
    affects: "arguments of all foreign programs",
  },
  "handler": {
    what: "Is the native handler there, and of this version?",
    affects: "all foreign programs",
  },
  "binfmt_misc": {
    what: "Is binfmt_misc mounted, writable for root and switched on?",
    affects: "all foreign programs",
  },
  "bpf": {
    what: "Do entries of BPF (Linux 7.3) choose interpreters?",
    affects: "programs that such an entry takes",
  },
  "wanted": {
    what: "What is to be registered at boot: files and links in binfmt.d",
    affects: "programs of these machines and formats after the next boot",
  },
  "entries": {
    what: "Does the kernel give each wanted machine's programs to the handler?",
    affects: "programs of these machines and formats",
  },
  "registration": {
    what: "Our entries' flags, and whether they name the handler that is installed now",
    affects: "programs that these entries take",
  },
  "competitors": {
    what: "Other entries for the same programs, here and in containers",
    affects: "programs that several entries could take, here and in containers",
  },
  "wsl": {
    what: "Does WSL keep systemd from registering?",
    affects: "all foreign programs after the next boot",
  },
  "layers": {
    what: "Configuration files: faults, refused ones, dangling links",
    affects: "what these files say",
  },
  "pages": {
    what: "Do the kernel's pages fit the interpreters?",
    affects: "interpreters that need pages of another size",
  },
  "interpreters": {
    what: "What runs static and dynamic programs of each machine, with all that it needs",
    affects: "programs of these machines and formats",
  },
  "muvm": {
    what: "muvm's virtual machine, where pages do not fit: what it needs, and its age",
    affects: "interpreters that run in muvm",
  },
  "fex": {
    what: "FEX's own entries, by which it knows that its programs' children come to us",
    affects: "argv[0] of programs that FEX's programs start, and our rules for them",
  },
  "tables": {
    what: "The route table: is it kept, fresh and whole?",
    affects: "the time that each start takes",
  },
  "questions": {
    what: "Can a person be asked: dialogs, terminal, display?",
    affects: "offers to install what is missing",
  },
  "packages": {
    what: "Is the package manager known?",
    affects: "offers to install what is missing",
  },
  "polkit": {
    what: "Can others than root install, by our action and no other?",
    affects: "who may install packages",
  },
  "file-manager": {
    what: "Can programs be started from a file manager?",
    affects: "starts from a desktop",
  },
  "resolver": {
    what: "Can the program that makes route tables start?",
    affects: "all foreign programs after a change of the configuration",
  },
  "start": {
    what: "A test start of each wanted machine's probe by the kernel",
    affects: "programs of these machines and formats",
  },
  "muvm-start": {
    what: "Does muvm's virtual machine start? It is started, if it does not run",
    affects: "interpreters that run in muvm",
    named: true,
  },
} as const satisfies Readonly<Record<string, CheckEntry>>;

export type CheckId = keyof typeof CHECKS;

export const CHECK_IDS = Object.keys(CHECKS) as CheckId[];

export function entryOf(id: CheckId): CheckEntry {
  return CHECKS[id];
}
