/** The handler, compiled from its sources. */
import { compile } from "../lib/compiler/compile.ts";
import { handlerImage, type HandlerOptions } from "../lib/handler/image.ts";
import { OPTIONS } from "../lib/handler/options.ts";
import type { Host } from "../lib/native/language.ts";
import type { LinkedCode } from "../lib/native/linked_code.ts";
import { ROOT } from "./start.ts";

const known = new Map<Host, LinkedCode>();

/** Its code for a machine, with symbols. */
export function handlerCode(host: Host): LinkedCode {
  const code = known.get(host) ??
    compile(`${ROOT}/lib/handler/main.ts`, { host, options: OPTIONS }).code();
  known.set(host, code);
  return code;
}

/** Its ELF file for a machine. */
export function buildHandler(
  { host, ...options }: HandlerOptions & { readonly host: Host },
): Uint8Array<ArrayBuffer> {
  return handlerImage(handlerCode(host), options);
}
