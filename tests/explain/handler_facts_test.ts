import { assertEquals } from "@std/assert";
import { readHandlerFacts } from "../../lib/explain/handler_facts.ts";
import { told } from "./told.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("readHandlerFacts() reads entries by magic and by extension, in their order", () => {
  const facts = readHandlerFacts(told({
    entries: [
      { name: "b", enabled: false, interpreter: "/x\ny", flags: "", telling: "extension .e.f\n" },
      { name: "a", interpreter: "/i", telling: "offset 7\nmagic 00ff\n" },
      { name: "damaged", telling: "magic" },
    ],
  }));
  const nothing = { offset: undefined, magic: undefined, mask: undefined, extension: undefined };
  assertEquals(facts?.entries, [
    { ...nothing, name: "b", enabled: false, interpreter: "/x\ny", flags: "", extension: "e.f" },
    {
      ...{ ...nothing, name: "a", enabled: true, interpreter: "/i", flags: "POF", offset: 7 },
      magic: Uint8Array.of(0, 255),
    },
  ]);
  assertEquals(facts?.enabled, true);
});

Deno.test("readHandlerFacts() recognises an unmounted and a disabled binfmt_misc", () => {
  assertEquals(readHandlerFacts(told({}))?.enabled, undefined);
  assertEquals(readHandlerFacts(told({ entries: [], status: "disabled" }))?.enabled, false);
});

Deno.test("readHandlerFacts() rejects what no handler of this version writes", () => {
  for (const text of ["", "AT_PAGESZ", "AT_PAGESZ\0\0", "x\0y\0z\0", "\0".repeat(9)]) {
    assertEquals(readHandlerFacts(bytes(text)), undefined);
  }
});
