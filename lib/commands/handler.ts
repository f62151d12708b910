import { basename, isAbsolute } from "@std/path";
import { pathMachine } from "../config/path_machine.ts";
import { readElf } from "../elf/header.ts";
import type { Environment } from "../environment.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import type { Host } from "../native/language.ts";
import { RESOLVER, SYSTEM_TABLES } from "../paths.ts";
import { type FallbackInterpreter, handlerImage } from "../handler/image.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Handler } from "./command.ts";
import { readHandlerCode } from "./handler_code.ts";

const HOSTS: readonly string[] = ["x86_64", "aarch64"] satisfies Host[];
/** The handler's buffers take paths of this many bytes, and it adds a file's name. */
const PATH_LIMIT = 1024;
/** Bytes. */
const FALLBACK_LIMIT = 64 * 1024 * 1024;

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
  const options = { resolver, tables, symbols: command.symbols };
  if (command.fallback === undefined) return success({ stdout: handlerImage(code, options) });
  const fallback = readFallback(command.fallback, host, environment);
  return fallback.ok
    ? success({ stdout: handlerImage(code, { ...options, fallback: fallback.value }) })
    : fallback;
}

function notCompiled(): Failure {
  return {
    code: "internal",
    what: "write the handler",
    why: "its code was not made from its sources yet",
    hint: "Make it: ./dev compile",
  };
}

/** A static qemu-user for this host: what it runs is told by its name. */
function readFallback(
  path: string,
  host: string,
  environment: Environment,
): Result<FallbackInterpreter> {
  const fault = (why: string) =>
    failed({
      code: "usage",
      what: `take “${path}” for --fallback`,
      why,
      hint: "It has to be a static qemu-user, such as /usr/bin/qemu-x86_64-static.",
    });
  const machine = pathMachine(path);
  if (machine === undefined) return fault("its name is not qemu-MACHINE or qemu-MACHINE-static");
  const image = environment.read(path, 0, FALLBACK_LIMIT + 1);
  if (typeof image === "string") {
    return fault(image === "absent" ? "it is absent" : "it cannot be read");
  }
  if (image.length > FALLBACK_LIMIT) return fault(`it has more than ${FALLBACK_LIMIT} bytes`);
  const header = readElf((offset, limit) => image.subarray(offset, offset + limit));
  if ("error" in header) return fault(header.why);
  if (header.machine?.name !== host) return fault(`it is no ${host} program`);
  if (header.linkage !== "static") return fault("it needs a loader, which may not be there");
  return success({ machine, name: basename(path), image });
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
