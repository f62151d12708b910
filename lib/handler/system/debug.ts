import { indexOf, same, SLASH } from "../bytes.ts";
import * as caller from "../caller.ts";
import { isUtf8 } from "../is_utf8.ts";
import { utf8 } from "../outside.ts";
import { explain } from "./child_command.ts";

/** With BINFMT_DISPATCHER_LOG_LEVEL=debug, the resolver explains the start on stderr. */
export function explainStart(): void {
  const level = caller.variable("BINFMT_DISPATCHER_LOG_LEVEL");
  if (level === undefined || !same(level, utf8("debug"))) return;
  const program = caller.program;
  // Deno accepts only arguments in UTF-8.
  if (!isUtf8(program)) return;
  // `explain` looks up a name without a slash in PATH.
  const hasSlash = indexOf(program, SLASH) < program.length;
  explain(utf8(hasSlash ? "" : "./"), program);
}
