import { assert, assertEquals } from "@std/assert";
import { tableFiles } from "../../lib/doctor/table_files.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { load } from "../config/load_config.ts";
import { FakeEnvironment } from "../fake_environment.ts";

Deno.test("tableFiles() tells whole tables, torn ones and leftovers apart", () => {
  const compiled = compileRoutes(load());
  assert(compiled.ok);
  const { table } = compiled.value;
  const environment = new FakeEnvironment({
    files: {
      [`/t/routes-${FORMAT_VERSION}`]: { content: table },
      [`/t/routes-${FORMAT_VERSION}-00ff`]: { content: table.slice(0, -1) },
      [`/t/routes-${FORMAT_VERSION + 1}`]: "",
      "/t/new": "",
      "/t/other": "",
    },
  });
  const files = tableFiles(["/t", "/none"], environment);
  assertEquals(files.map(({ path, state }) => `${path} ${state}`), [
    "/t/new other",
    `/t/routes-${FORMAT_VERSION} whole`,
    `/t/routes-${FORMAT_VERSION}-00ff torn`,
    `/t/routes-${FORMAT_VERSION + 1} other`,
  ]);
});
