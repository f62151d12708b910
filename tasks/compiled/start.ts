/** What the compiled program begins with. */
import { getBuiltinModule } from "node:process";
import { readProgram } from "./program.ts";

readProgram(import.meta.dirname!, Deno.args).runInThisContext()(getBuiltinModule);
