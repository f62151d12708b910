import { GUARD } from "../handler/decide/muvm.ts";

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
