import { compile } from "../../lib/compiler/compile.ts";
import type { ReadFile } from "../../lib/compiler/modules.ts";
import { handlerImage, type HandlerOptions } from "../../lib/handler/image.ts";
import { OPTIONS } from "../../lib/handler/options.ts";
import { ROOT } from "../../tasks/start.ts";
import { HOST } from "../handler/stage.ts";
import { withChecks } from "./with_checks.ts";

/** Compiles the handler with checks, from its sources or those that `read` gives. */
export function checkedHandler(
  options: HandlerOptions,
  read: ReadFile = Deno.readTextFileSync,
): Uint8Array<ArrayBuffer> {
  const compiled = { host: HOST, options: OPTIONS, read };
  return withChecks(() =>
    handlerImage(compile(`${ROOT}/lib/handler/main.ts`, compiled).code(), options)
  );
}
