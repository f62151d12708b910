import { assertEquals } from "@std/assert";
import { errnoWords } from "../../lib/doctor/errno_words.ts";

Deno.test("errnoWords() says what an errno means, and names others by their number", () => {
  assertEquals([errnoWords(13), errnoWords(4242)], ["permission denied", "error 4242"]);
});
