import { wordsOf } from "../handler/error_words.ts";

const decoder = new TextDecoder();

/** What an errno, which is positive, says in words: as the handler has it. */
export function errnoWords(errno: number): string {
  return decoder.decode(wordsOf(-errno));
}
