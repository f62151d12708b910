import { assertEquals } from "@std/assert";
import { wordsOf } from "../../lib/handler/error_words.ts";

Deno.test("wordsOf() has words for common errors, and a number for all others", () => {
  const words = (error: number) => new TextDecoder().decode(wordsOf(error));
  assertEquals(words(-13), "permission denied");
  assertEquals(words(-36), "the path is too long");
  assertEquals(words(-111), "error 111");
  assertEquals(words(-4095), "error 4095");
});
