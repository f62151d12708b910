import { basename } from "@std/path";
import { pathMachine } from "../config/path_machine.ts";
import { readElf } from "../elf/header.ts";
import type { Environment } from "../environment.ts";
import { failed, type Result, success } from "../failure.ts";
import type { FallbackInterpreter } from "../handler/image.ts";

/** Bytes of all fallbacks: imageOf() has room for them and a few paths. */
const LIMIT = 120 * 1024 * 1024;
const WANTED = "It must be a static qemu-user, such as /usr/bin/qemu-x86_64-static.";

/** Reads the interpreters to embed in a handler for this host, one for each machine. */
export function readFallbacks(
  paths: readonly string[],
  host: string,
  environment: Environment,
): Result<readonly FallbackInterpreter[]> {
  const read: FallbackInterpreter[] = [];
  let room = LIMIT;
  for (const path of paths) {
    const fault = (why: string, hint: string) =>
      failed({ code: "usage", what: `use “${path}” as --fallback`, why, hint });
    const machine = pathMachine(path);
    if (machine === undefined) {
      return fault("its name is not qemu-MACHINE or qemu-MACHINE-static", WANTED);
    }
    if (read.some((other) => other.machine === machine)) {
      return fault(
        `another --fallback has the same machine, ${machine}`,
        "Give one for each machine.",
      );
    }
    const image = environment.read(path, 0, room + 1);
    if (typeof image === "string") {
      return fault(image === "absent" ? "no such file" : "it cannot be read", WANTED);
    }
    if (image.length > room) {
      return fault(`the total is more than ${LIMIT} bytes`, "Embed fewer interpreters.");
    }
    const why = imageFault(image, host);
    if (why !== undefined) return fault(why, WANTED);
    room -= image.length;
    read.push({ machine, name: basename(path), image });
  }
  return success(read);
}

function imageFault(image: Uint8Array, host: string): string | undefined {
  const header = readElf((offset, limit) => image.subarray(offset, offset + limit));
  if ("error" in header) return header.why;
  if (header.machine?.name !== host) return `it is not an ${host} program`;
  return header.linkage === "static"
    ? undefined
    : "it needs a loader, which may be missing in a container";
}
