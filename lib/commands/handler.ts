import { isAbsolute } from "@std/path";
import type { Environment } from "../environment.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import type { Host } from "../native/language.ts";
import { RESOLVER, SYSTEM_TABLES } from "../paths.ts";
import { type FallbackInterpreter, handlerImage } from "../handler/image.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Handler } from "./command.ts";
import { readFallbacks } from "./fallbacks.ts";
import { readHandlerCode } from "./handler_code.ts";

const HOSTS: readonly string[] = ["x86_64", "aarch64"] satisfies Host[];
/** Bytes of a path in the handler's buffers, which have room for a file name, too. */
const PATH_LIMIT = 1024;

/** `handler`: the native handler for a host, to stdout. */
export function handler(command: Handler, environment: Environment): Outcome {
  return Promise.resolve(write(command, environment));
}

function write(command: Handler, environment: Environment): Result<Answer> {
  const host = command.host ?? environment.machine();
  const resolver = command.resolver ?? RESOLVER;
  const tables = command.tables ?? SYSTEM_TABLES;
  const fault = hostFault(host) ?? pathFault("--resolver", resolver) ??
    pathFault("--tables", tables) ?? (environment.isTerminal(1) ? terminalFault() : undefined);
  if (fault !== undefined) return failed(fault);
  const code = readHandlerCode(host as Host, environment);
  if (code === undefined) return failed(notCompiled());
  const fallbacks = readFallbacks(command.fallbacks, host, environment);
  if (!fallbacks.ok) return fallbacks;
  const { symbols } = command;
  const stdout = handlerImage(code, { resolver, tables, symbols, fallbacks: fallbacks.value });
  return success(
    fallbacks.value.length === 0 ? { stdout } : { stdout, stderr: sizes(fallbacks.value, stdout) },
  );
}

function notCompiled(): Failure {
  return {
    code: "internal",
    what: "write the handler",
    why: "its code is not compiled yet",
    hint: "Compile it: ./dev compile",
  };
}

/** The sizes of the handler and the embedded interpreters, in words. */
function sizes(fallbacks: readonly FallbackInterpreter[], handler: Uint8Array): string {
  const megabytes = ({ length }: Uint8Array) => `${(length / 1e6).toFixed(1)} MB`;
  const lines = fallbacks.map(({ machine, name, image }) =>
    `  ${name}, for ${machine} programs: ${megabytes(image)}\n`
  );
  return `The handler has ${megabytes(handler)} and embeds:\n${lines.join("")}`;
}

function hostFault(host: string): Failure | undefined {
  if (HOSTS.includes(host)) return undefined;
  return {
    code: "usage",
    what: `write a handler for “${host}”`,
    why: `supported hosts are ${HOSTS.join(" and ")}`,
    hint: "Use one of them, such as --host aarch64",
  };
}

function pathFault(option: string, path: string): Failure | undefined {
  const long = new TextEncoder().encode(path).length > PATH_LIMIT;
  if (isAbsolute(path) && !path.includes("\0") && !long) return undefined;
  return {
    code: "usage",
    what: `use “${path}” as ${option}`,
    why: long ? `it is longer than ${PATH_LIMIT} bytes` : "it is not an absolute path",
  };
}

function terminalFault(): Failure {
  return {
    code: "usage",
    what: "write the handler to a terminal",
    why: "it is an ELF program",
    hint: "Redirect it to a file: binfmt-dispatcher handler > handler",
  };
}
