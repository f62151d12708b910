import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../tasks/start.ts";

Deno.test("docs/security.md names tests that there are, each with its file", () => {
  const page = Deno.readTextFileSync(`${ROOT}/docs/security.md`);
  const list = page.slice(page.indexOf("## The tests")).replaceAll(/\s+/g, " ");
  let text = "";
  const missing: string[] = [];
  let names = 0;
  for (const [, path, name] of list.matchAll(/`(tests\/\S+\.ts)`|“([^”]+)”/g)) {
    if (path !== undefined) text = Deno.readTextFileSync(`${ROOT}/${path}`);
    else if (!text.includes(name!)) missing.push(name!);
    else names++;
  }
  assertEquals(missing, []);
  assert(names >= 50, `only ${names}`);
});
