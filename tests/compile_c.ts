import { assert } from "@std/assert";

/** Compiles a C file to a static program; warnings are errors. */
export async function compileC(source: URL, to: string): Promise<void> {
  const args = ["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", to, source.pathname];
  const { success, stderr } = await new Deno.Command("gcc", { args }).output();
  assert(success, new TextDecoder().decode(stderr));
}
