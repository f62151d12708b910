import { outputOf } from "./output_of.ts";

/** Compiles a C file to a static program; warnings are errors. */
export async function compileC(source: URL, to: string): Promise<void> {
  const options = ["-O2", "-Wall", "-Wextra", "-Werror", "-static"];
  await outputOf(["gcc", ...options, "-o", to, source.pathname]);
}
