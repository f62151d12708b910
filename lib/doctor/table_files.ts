/** The files in the directories where route tables are kept. */
import { join } from "@std/path";
import type { Environment } from "../environment.ts";
import { NEW_TABLE, TABLE_PREFIX } from "../paths.ts";
import { FORMAT_VERSION, MAX_TABLE_SIZE } from "../routes/format.ts";
import { Table } from "../routes/table.ts";
import type { TableFile } from "./facts.ts";

const FILES_LIMIT = 1024;
/** As named by lib/handler/system/caches.ts. */
const CURRENT_TABLE = new RegExp(`^${TABLE_PREFIX}${FORMAT_VERSION}(?:-[0-9a-f]+)?$`);

export function tableFiles(directories: readonly string[], environment: Environment): TableFile[] {
  return directories.flatMap((directory) => {
    const names = environment.list(directory, FILES_LIMIT);
    if (typeof names === "string") return [];
    return names.flatMap((name) => {
      const path = join(directory, name);
      if (CURRENT_TABLE.test(name)) return [{ path, state: stateOf(path, environment) } as const];
      return name === NEW_TABLE || name.startsWith(TABLE_PREFIX)
        ? [{ path, state: "other" } as const]
        : [];
    });
  });
}

function stateOf(path: string, environment: Environment): TableFile["state"] {
  const bytes = environment.read(path, 0, MAX_TABLE_SIZE);
  // Another user's table cannot be checked.
  if (typeof bytes === "string") return "whole";
  return Table.read(bytes).ok ? "whole" : "torn";
}
