import type { Environment } from "./environment.ts";
import { isExecutable } from "./is_executable.ts";
import { failed, type Result, success } from "./failure.ts";

/** Finds a program by its path, or by a name without a slash in PATH. */
export function findProgram(program: string, environment: Environment): Result<string> {
  const what = `find “${program}”`;
  if (program.includes("/")) {
    const found = environment.stat(program);
    if (found === "absent") {
      return failed({ code: "not-found", what, why: "no such file" });
    }
    if (found === "unreadable") {
      return failed({ code: "not-found", what, why: "it cannot be accessed" });
    }
    if (found.kind === "file") return success(program);
    const why = found.kind === "directory" ? "it is a directory" : "it is not a regular file";
    return failed({ code: "not-a-program", what, why });
  }
  const directories = (environment.variable("PATH") ?? "/usr/bin:/bin").split(":");
  for (const directory of directories) {
    const path = `${directory === "" ? "." : directory}/${program}`;
    if (isExecutable(path, environment)) return success(path);
  }
  return failed({
    code: "not-found",
    what,
    why: "not found in PATH",
    hint: `To run a program in the current directory: ./${program}`,
  });
}
