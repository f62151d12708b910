import { assertEquals } from "@std/assert";
import { TABLES } from "../../lib/config/schema.ts";
import { pagePaths, readPage } from "../../tasks/markdown.ts";
import { shippedConfig } from "../../tasks/shipped_config.ts";
import { diagnosticLines, load } from "./load_config.ts";

const text = Deno.readTextFileSync(new URL("../../docs/configuration.md", import.meta.url));

Deno.test("docs/configuration.md explains every key of every table", () => {
  const sections = text.split(/^## /m);
  for (const [section, keys] of Object.entries(TABLES)) {
    const found = sections.find((part) => part.startsWith(`\`[${section}`)) ?? "";
    const missing = Object.keys(keys).filter((key) => !found.includes(`\`${key}\``));
    assertEquals(missing, [], section);
  }
});

/** The layers in each section; a later one may change an earlier one. */
const examples = Map.groupBy(
  pagePaths().map(readPage).flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === "toml")
      .map(({ text, section }) => ({ where: `${path}, “${section}”`, text }))
  ),
  ({ where }) => where,
);

for (const [where, layers] of examples) {
  Deno.test(`the layers in ${where} have no fault`, async () => {
    const lower = layers.slice(0, -1).map(({ text }) => text);
    const vendor = [await shippedConfig("aarch64"), ...lower].join("\n");
    const loaded = load(vendor, layers.at(-1)!.text);
    assertEquals(diagnosticLines(loaded), []);
  });
}
