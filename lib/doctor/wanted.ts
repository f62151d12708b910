/** The entries of binfmt-dispatcher to be registered at boot: binfmt.d(5). */
import { join } from "@std/path";
import type { Environment } from "../environment.ts";
import { HANDLER, LINKS, RESOLVER } from "../paths.ts";
import { readText } from "../read_text.ts";
import type { Wanted } from "./facts.ts";

/** In order of precedence: a file hides those of the same name in later directories. */
const DIRECTORIES = [LINKS, "/run/binfmt.d", "/usr/local/lib/binfmt.d", "/usr/lib/binfmt.d"];
const FILES_LIMIT = 1024;
/** Names of binfmt-dispatcher's files, with and without the prefix that sorts them last. */
const OWN_NAME = /^(?:zz-)?binfmt-dispatcher|-binfmt-dispatcher/;

/** Lines that name the handler or, from older versions, the program itself; and dangling links. */
export function findWanted(environment: Environment): Wanted[] {
  const seen = new Set<string>();
  return DIRECTORIES.flatMap((directory) => {
    const names = environment.list(directory, FILES_LIMIT);
    if (typeof names === "string") return [];
    return names.filter((name) => name.endsWith(".conf")).flatMap((name) => {
      if (seen.has(name)) return [];
      seen.add(name);
      return inFile(join(directory, name), environment);
    });
  });
}

function inFile(file: string, environment: Environment): Wanted[] {
  const nothing = { file, entry: undefined, interpreter: undefined };
  const link = environment.readLink(file);
  if (link === "/dev/null") {
    return OWN_NAME.test(file.slice(file.lastIndexOf("/") + 1))
      ? [{ ...nothing, state: "masked" }]
      : [];
  }
  if (link !== undefined && environment.realPath(file) === undefined) {
    return link.includes("binfmt-dispatcher") ? [{ ...nothing, state: "dangling" }] : [];
  }
  const lines = readText(file, environment)?.split("\n") ?? [];
  return lines.flatMap((line) => {
    // The first character is the delimiter of the fields.
    const [, entry = "", , , , , interpreter = ""] = line.split(line[0] ?? ":");
    if (/^[#;]/.test(line) || ![HANDLER, RESOLVER].includes(interpreter)) return [];
    return [{ file, state: "line", entry, interpreter }];
  });
}
