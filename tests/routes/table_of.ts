import { compileRoutes } from "../../lib/routes/compile.ts";
import { Table } from "../../lib/routes/table.ts";
import { effective, smallConfig } from "./small_config.ts";

/** The table of a small configuration, read back. */
export function tableOf(small: Parameters<typeof smallConfig>[0]): Table {
  const compiled = compileRoutes(effective(smallConfig(small), ["/etc/x.toml"]));
  if (!compiled.ok) throw new Error(compiled.failure.why);
  const table = Table.read(compiled.value.table);
  if (!table.ok) throw new Error(table.failure.why);
  return table.value;
}
