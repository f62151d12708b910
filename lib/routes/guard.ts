/**
 * muvm refuses `-h` and `--help` wherever they stand, also among a command's own arguments behind
 * `--` (its cli_options.rs; tried with bpaf 0.9). So these two are guarded: they go through it with
 * a sign before them that the guest's shell takes away again. What begins with the sign gets one
 * more.
 */
export const GUARD = "=";

/** Arguments that muvm refuses. */
export const REFUSED = ["-h", "--help"] as const;

/**
 * The words in which muvm's guest starts the interpreter: sh unguards the arguments, if any is
 * guarded, and turns death by a signal, which muvm loses, into 128+n.
 */
export const IN_GUEST = [
  "/bin/sh",
  "-c",
  `case " $*" in *" ${GUARD}"*) for BINFMT_DISPATCHER_ARG do shift; ` +
  `set -- "$@" "\${BINFMT_DISPATCHER_ARG#${GUARD}}"; done;; esac; "$@"; exit $?`,
  "sh",
] as const;

/** Must this argument be guarded? */
export function needsGuard(argument: string): boolean {
  return argument.startsWith(GUARD) || REFUSED.some((refused) => refused === argument);
}
