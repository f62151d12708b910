import { assertEquals } from "@std/assert";
import { errnoWords } from "../lib/errno_words.ts";

Deno.test("errnoWords() describes known errnos and gives the number of others", () => {
  assertEquals([errnoWords(13), errnoWords(4242)], ["permission denied", "error 4242"]);
});
