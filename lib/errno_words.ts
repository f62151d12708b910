import { wordsOf } from "./handler/error_words.ts";

const decoder = new TextDecoder();

/** The text of a positive errno, the same as the handler's. */
export function errnoWords(errno: number): string {
  return decoder.decode(wordsOf(-errno));
}
