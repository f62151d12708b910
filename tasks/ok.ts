/** `./dev ok`: the checks that do not run the program, one line each. */
import { say } from "./say.ts";
import { capture } from "./start.ts";

const deno = Deno.execPath();

const CHECKS: readonly { readonly name: string; readonly argv: readonly string[] }[] = [
  { name: "formatting", argv: [deno, "fmt", "--check"] },
  { name: "lint", argv: [deno, "lint"] },
  { name: "types", argv: [deno, "check", "--quiet", "--frozen", "."] },
  { name: "generated files", argv: [deno, "run", "--allow-all", "tasks/generate.ts", "--check"] },
  { name: "tidiness", argv: [deno, "test", "--quiet", "--allow-all", "tests/tidy_test.ts"] },
];

let failures = 0;
for (const { name, argv } of CHECKS) {
  const begun = performance.now();
  const { success, text } = await capture(argv, { env: { NO_COLOR: "1", RUST_BACKTRACE: "0" } });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`${success ? "ok  " : "FAIL"}  ${name} (${seconds} s)`);
  if (success) continue;
  failures++;
  say(text.trimEnd().replace(/^/gm, "      "));
}
say(failures === 0 ? "All checks passed" : `${failures} of ${CHECKS.length} checks failed`);
Deno.exit(failures === 0 ? 0 : 1);
