/** Can a world be made here, with namespaces and the kernel's dispatch? If not, what is refused? */

/** What a world does; each step includes all earlier ones. */
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

/** What went wrong, in the program's words; undefined if nothing did. */
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

/** The first step that is refused, and the message of the program that tried it. */
export function refusal(): string | undefined {
  for (const [what, ...argv] of STEPS) {
    const why = fault(argv);
    if (why !== undefined) return `${what} (${why})`;
  }
}
