import type { Diagnostic } from "../config/config.ts";
import type { Environment } from "../environment.ts";

/** The file with the kernel's release. */
export const OSRELEASE = "/proc/sys/kernel/osrelease";
const OLDEST = [5, 12] as const;

/**
 * A diagnostic if the running kernel is too old: before 5.12 AT_FLAGS does not say whether flag P
 * kept argv[0], so that is taken for the program's first argument.
 * “binfmt_misc: pass binfmt_misc flags to the interpreter” in Linux 5.12.
 */
export function oldKernel(environment: Environment): Diagnostic[] {
  if (environment.root !== "") return [];
  const release = environment.kernelRelease();
  const [major = 0, minor = 0] = release.split(".").map((part) => parseInt(part, 10));
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return [];
  return [{
    severity: "error",
    file: OSRELEASE,
    line: 0,
    key: "",
    message: `Linux ${release} is too old: before ${OLDEST.join(".")}, a program's argv[0] ` +
      "becomes its first argument",
    did_you_mean: undefined,
  }];
}
