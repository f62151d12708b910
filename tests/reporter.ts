/**
 * A program that prints its arguments, environment and working directory, each string with a zero
 * byte, and ends with the number of its arguments as status; in the handler's language.
 */
import { stringAt, wordAt } from "../lib/handler/caller.ts";
import { exit, getcwd, PATH_MAX, write } from "../lib/handler/linux.ts";
import { part, utf8 } from "../lib/handler/outside.ts";

/** Ends a list of strings. */
export const SEPARATOR = "\x1e";

const STDOUT = 1;

const zero = new Uint8Array(1);
const directory = new Uint8Array(PATH_MAX);

export function main(): void {
  printAll(printAll(1));
  const length = getcwd(directory);
  if (length > 0) write(STDOUT, part(directory, 0, length));
  exit(wordAt(0));
}

/** Prints the strings from this word of the stack on; returns the word after them. */
function printAll(from: number): number {
  let word = from;
  for (; wordAt(word) !== 0; word++) print(stringAt(word));
  print(utf8(SEPARATOR));
  return word + 1;
}

function print(bytes: Uint8Array): void {
  write(STDOUT, bytes);
  write(STDOUT, zero);
}
