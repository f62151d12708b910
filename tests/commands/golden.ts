import { assertEquals } from "@std/assert";

/** Compares with a file; UPDATE_GOLDEN=1 writes the file instead: review the difference. */
export function assertGolden(file: URL, actual: string): void {
  if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(file, actual);
  assertEquals(actual, Deno.readTextFileSync(file));
}
