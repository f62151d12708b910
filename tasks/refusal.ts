/** Finds out whether a World can be made here, and if not, what is refused. */

/** What a World needs; each step includes all earlier ones. */
const STEPS: readonly (readonly [what: string, ...argv: string[]])[] = [
  ["a user namespace", "unshare", "-U", "true"],
  ["root's rights in a user namespace", "unshare", "-Ur", "true"],
  ["a mount namespace in a user namespace", "unshare", "-Urm", "true"],
  ["an overlay in a namespace", ...mounting("-t overlay -o lowerdir=/etc:/usr overlay /etc")],
  ["binfmt_misc in a namespace", ...mounting("-t binfmt_misc none /proc/sys/fs/binfmt_misc")],
];

function mounting(options: string): string[] {
  return ["unshare", "-Urm", "mount", ...options.split(" ")];
}

/** The error message of a program; undefined if it succeeded. */
function fault([program, ...args]: readonly string[]): string | undefined {
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "piped" } as const;
    const { success, stderr } = new Deno.Command(program!, options).outputSync();
    return success ? undefined : new TextDecoder().decode(stderr).trim().split("\n")[0]!;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `${program}: not found in PATH`;
    throw error;
  }
}

/** The first step that is refused, with its error message; undefined if a World can be made. */
export function refusal(): string | undefined {
  for (const [what, ...argv] of STEPS) {
    const why = fault(argv);
    if (why !== undefined) return `${what} (${why})`;
  }
}
