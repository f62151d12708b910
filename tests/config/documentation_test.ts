import { assert, assertEquals } from "@std/assert";
import { TABLES } from "../../lib/config/schema.ts";
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

Deno.test("docs/configuration.md has examples without a fault", async () => {
  const examples = [...text.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, toml]) => toml!);
  assert(examples.length > 0);
  for (const example of examples) {
    const loaded = load(await shippedConfig("aarch64"), example);
    assertEquals(await diagnosticLines(loaded), []);
    assert(loaded.config.rules.length > 0);
  }
});
