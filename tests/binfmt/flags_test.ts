// Shows docs/security.md#a-local-user-with-a-setuid-program
import { assertEquals } from "@std/assert";
import { directFlags, flagsFault, flagsWarning, HANDLER_FLAGS } from "../../lib/binfmt/flags.ts";

Deno.test("flagsFault() accepts only P, PO and POF for the handler, in any order", () => {
  for (const flags of ["P", "PO", "OP", "POF", "FOP", HANDLER_FLAGS]) {
    assertEquals(flagsFault(flags, false), undefined, flags);
  }
  for (const flags of ["", "O", "F", "PF", "OF"]) {
    assertEquals(flagsFault(flags, false)?.code, "refused", flags);
  }
  assertEquals(flagsFault("POCF", false)?.hint?.includes("P, PO or POF"), true);
});

Deno.test("flagsFault() rejects unknown and repeated letters", () => {
  for (const direct of [true, false]) {
    assertEquals(flagsFault("PX", direct)?.why, "“X” is not one of POCF");
    assertEquals(flagsFault("PP", direct)?.why, "“P” appears twice");
    assertEquals(flagsFault("P:F", direct)?.code, "usage");
  }
});

Deno.test("flagsWarning() warns only about C, which --direct allows", () => {
  assertEquals(flagsFault("PCF", true), undefined);
  assertEquals(flagsWarning("PCF")?.includes("setuid"), true);
  assertEquals(flagsWarning("POF"), undefined);
});

Deno.test("directFlags() gives P only to interpreters that support it", () => {
  assertEquals(directFlags("/usr/bin/qemu-aarch64-static"), "PF");
  assertEquals(directFlags("/usr/bin/FEX"), "PF");
  assertEquals(directFlags("/usr/bin/box64"), "F");
  assertEquals(directFlags("/opt/FEX/box64"), "F");
});
