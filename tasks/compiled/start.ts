/** The entry point of the compiled program. */
import { getBuiltinModule } from "node:process";
import { readProgram } from "./program.ts";

readProgram(import.meta.dirname!, Deno.args).runInThisContext()(getBuiltinModule);
