import { assertEquals } from "@std/assert";
import type { Environment } from "../lib/environment.ts";
import { style } from "../lib/style.ts";

function bold(terminals: readonly number[], variables: Record<string, string> = {}): string {
  const environment = {
    isTerminal: (descriptor: number) => terminals.includes(descriptor),
    variable: (name: string) => variables[name],
  } as unknown as Environment;
  return style(environment, 1).bold("x");
}

Deno.test("style() is plain with NO_COLOR, with TERM=dumb or without a terminal", () => {
  assertEquals(bold([1]), "\x1b[1mx\x1b[22m");
  assertEquals(bold([1], { TERM: "xterm", NO_COLOR: "" }), "\x1b[1mx\x1b[22m");
  assertEquals(bold([0, 2]), "x");
  assertEquals(bold([1], { NO_COLOR: "1" }), "x");
  assertEquals(bold([1], { TERM: "dumb" }), "x");
});
