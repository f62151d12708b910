import { isAbsolute } from "@std/path";
import { failed, type Failure, success } from "../failure.ts";
import { buildHandler } from "../handler/handler.ts";
import type { Target } from "../native/language.ts";
import { RESOLVER, SYSTEM_TABLES } from "../paths.ts";
import type { Outcome } from "./answer.ts";
import type { Handler } from "./arguments.ts";

const HOSTS: readonly string[] = ["x86_64", "aarch64"] satisfies Target[];
/** The handler's buffers take paths of this many bytes, and it adds a file's name. */
const PATH_LIMIT = 1024;

/** `handler`: the native handler for a host, to stdout. `machine` is the one that we run on. */
export function handler(command: Handler, machine: string, toTerminal: boolean): Outcome {
  const host = command.host ?? machine;
  const resolver = command.resolver ?? RESOLVER;
  const tables = command.tables ?? SYSTEM_TABLES;
  const fault = hostFault(host) ?? pathFault("--resolver", resolver) ??
    pathFault("--tables", tables) ?? (toTerminal ? terminalFault() : undefined);
  if (fault !== undefined) return Promise.resolve(failed(fault));
  const options = { host: host as Target, resolver, tables, symbols: command.symbols };
  return Promise.resolve(success({ stdout: buildHandler(options) }));
}

function hostFault(host: string): Failure | undefined {
  if (HOSTS.includes(host)) return undefined;
  return {
    code: "usage",
    what: `write a handler for “${host}”`,
    why: `handlers exist for ${HOSTS.join(" and ")}`,
    hint: "Name one of them: --host aarch64",
  };
}

function pathFault(option: string, path: string): Failure | undefined {
  const long = new TextEncoder().encode(path).length > PATH_LIMIT;
  if (isAbsolute(path) && !path.includes("\0") && !long) return undefined;
  return {
    code: "usage",
    what: `take “${path}” for ${option}`,
    why: long ? `it is longer than ${PATH_LIMIT} bytes` : "it is no absolute path",
  };
}

function terminalFault(): Failure {
  return {
    code: "usage",
    what: "write the handler to a terminal",
    why: "it is an ELF program",
    hint: "Send it to a file: binfmt-dispatcher handler > handler",
  };
}
