import { assertEquals } from "@std/assert";
import { reportOn } from "../lib/commands/explain.ts";
import { reportText } from "../lib/explain/text.ts";
import { style } from "../lib/style.ts";
import { README } from "./explain/situations.ts";

const FILE = new URL("../README.md", import.meta.url);
/** An indented block that begins with the command. */
const TRANSCRIPT = /^ {4}\$ binfmt-dispatcher explain .*\n(?:(?: {4}.*)?\n)*(?= {0,3}\S)/m;

/** UPDATE_GOLDEN=1 writes what is said now. */
Deno.test("README.md shows of explain what it really says", async () => {
  const { program, environment } = README;
  const report = await reportOn(program, environment);
  const said = report.ok ? reportText(report.value, style(environment, 1)) : "";
  const block = `$ binfmt-dispatcher explain ${program}\n${said}`.replaceAll(/^(?=.)/gm, "    ");
  const readme = Deno.readTextFileSync(FILE);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    Deno.writeTextFileSync(FILE, readme.replace(TRANSCRIPT, () => `${block}\n`));
  }
  const shown = TRANSCRIPT.exec(Deno.readTextFileSync(FILE))?.[0];
  assertEquals(shown?.trimEnd(), block.trimEnd());
});
